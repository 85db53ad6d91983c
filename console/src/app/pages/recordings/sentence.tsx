/** The search as a sentence whose blanks are filled in where they stand. */

import { Button, Checkbox, Popover, TextInput, UnstyledButton } from "@mantine/core";
import { X } from "lucide-react";
import { useState } from "react";
import { texts } from "../../texts";
import { isNarrowed, NOTHING, type Span, SPANS, type Wanted } from "./wanted";
import "./sentence.css";

const t = texts.recordings.sentence;
const STATES = ["recording", "completed", "failed"] as const;

interface SentenceProps {
  wanted: Wanted;
  change: (change: Partial<Wanted>) => void;
}

export function Sentence({ wanted, change }: SentenceProps): React.JSX.Element {
  return (
    <div className="sentence" role="search" aria-label={t.label}>
      {wanted.words === "" ? <><StateBlank wanted={wanted} change={change} /><span>{t.recordings}</span></> : <span>{t.moments}</span>}
      <TextBlank about={t.user} any={t.anybody} value={wanted.user} fill={(user) => change({ user })} />
      <span>{t.on}</span>
      <TextBlank about={t.machine} any={t.anyMachine} value={wanted.machine} fill={(machine) => change({ machine })} />
      <span>{t.using}</span>
      <TextBlank about={t.resource} any={t.anything} value={wanted.resource} fill={(resource) => change({ resource })} />
      <span className="comma">,</span>
      <TimeBlank wanted={wanted} change={change} />
      <span>{t.where}</span>
      <TextBlank about={t.words} any={t.whatever} value={wanted.words} quoted fill={(words) => change({ words })} />
      {isNarrowed(wanted) ? (
        <Button variant="subtle" size="compact-xs" leftSection={<X size={12} aria-hidden />} onClick={() => change(NOTHING)}>{t.clear}</Button>
      ) : null}
    </div>
  );
}

interface BlankProps {
  about: string;
  words: string;
  filled: boolean;
  children: (close: () => void) => React.ReactNode;
}

function Blank({ about, words, filled, children }: BlankProps): React.JSX.Element {
  const [open, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={filled ? "blank-word filled" : "blank-word"} aria-label={`${about}: ${words}`} onClick={() => setOpen(!open)}>{words}</UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={8}>{open ? children(close) : null}</Popover.Dropdown>
    </Popover>
  );
}

interface TextBlankProps {
  about: string;
  any: string;
  value: string;
  quoted?: boolean;
  fill: (value: string) => void;
}

function TextBlank({ about, any, value, quoted = false, fill }: TextBlankProps): React.JSX.Element {
  return (
    <Blank about={about} words={value === "" ? any : quoted ? `“${value}”` : value} filled={value !== ""}>
      {(close) => <TextBox about={about} any={any} value={value} fill={(typed) => { fill(typed); close(); }} />}
    </Blank>
  );
}

function TextBox({ about, any, value, fill }: TextBlankProps): React.JSX.Element {
  const [typed, setTyped] = useState(value);
  return (
    <form className="row" onSubmit={(event) => { event.preventDefault(); fill(typed.trim()); }}>
      <TextInput size="xs" w={200} aria-label={about} placeholder={about} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} data-autofocus />
      <Button type="submit">{t.set}</Button>
      {value === "" ? null : <Button variant="subtle" onClick={() => fill("")}>{any}</Button>}
    </form>
  );
}

function timeWords({ when, since, until }: Wanted): string {
  if (when !== "") return t.within[when];
  const spoken = (text: string): string => new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  if (since !== "" && until !== "") return t.between(spoken(since), spoken(until));
  if (since !== "") return t.after(spoken(since));
  return until === "" ? t.anyTime : t.before(spoken(until));
}

function TimeBlank({ wanted, change }: SentenceProps): React.JSX.Element {
  const filled = wanted.when !== "" || wanted.since !== "" || wanted.until !== "";
  return (
    <Blank about={t.time} words={timeWords(wanted)} filled={filled}>
      {(close) => (
        <div className="stack tight">
          <div className="options">
            <UnstyledButton className="option" onClick={() => { change({ when: "", since: "", until: "" }); close(); }}>{t.anyTime}</UnstyledButton>
            {(Object.keys(SPANS) as Span[]).map((when) => (
              <UnstyledButton className="option" key={when} onClick={() => { change({ when, since: "", until: "" }); close(); }}>{t.within[when]}</UnstyledButton>
            ))}
          </div>
          <TimesBox wanted={wanted} set={(times) => { change({ when: "", ...times }); close(); }} />
        </div>
      )}
    </Blank>
  );
}

function TimesBox({ wanted, set }: { wanted: Wanted; set: (times: Pick<Wanted, "since" | "until">) => void }): React.JSX.Element {
  const [since, setSince] = useState(wanted.since);
  const [until, setUntil] = useState(wanted.until);
  return (
    <form className="stack tight" onSubmit={(event) => { event.preventDefault(); set({ since, until }); }}>
      <TextInput size="xs" type="datetime-local" label={t.from} value={since} onChange={(event) => setSince(event.currentTarget.value)} />
      <TextInput size="xs" type="datetime-local" label={t.to} value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
      <Button type="submit">{t.set}</Button>
    </form>
  );
}

function StateBlank({ wanted, change }: SentenceProps): React.JSX.Element {
  const known = STATES.find((one) => one === wanted.state);
  const words = [known === undefined ? null : t.states[known], wanted.held ? (known === undefined ? t.heldFirst : t.held) : null].filter((one) => one !== null).join(", ");
  return (
    <Blank about={t.state} words={words === "" ? t.anyState : words} filled={words !== ""}>
      {(close) => (
        <div className="stack tight">
          <div className="options">
            <UnstyledButton className="option" onClick={() => { change({ state: "", held: false }); close(); }}>{t.anyState}</UnstyledButton>
            {STATES.map((state) => (
              <UnstyledButton className="option" key={state} onClick={() => { change({ state }); close(); }}>{t.states[state]}</UnstyledButton>
            ))}
          </div>
          <Checkbox size="xs" label={t.heldOnly} checked={wanted.held} onChange={(event) => change({ held: event.currentTarget.checked })} />
        </div>
      )}
    </Blank>
  );
}
