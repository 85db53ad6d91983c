/** What the policies would decide: for a session that runs, or for one that there need not be. */

import { Button, SegmentedControl, Select, TagsInput, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { site } from "../../../api/site";
import type { GivenFacts, PolicyQuestion } from "../../../api/wire.gen";
import { errorText } from "../../parts/failure";
import { bare } from "../../parts/name";
import { texts } from "../../texts";
import { Decision } from "./decision";
import { PolicyTabs } from "./tabs";
import "../../parts/panel.css";

const t = texts.policies.test;
const FACTS = ["user", "deliveryGroup", "resource", "machine", "clientAddress"] as const;
const MOST_SESSIONS = 100;

export default function PolicyTest(): React.JSX.Element {
  const [query] = useSearchParams();
  const [about, setAbout] = useState<"session" | "facts">("session");
  const [session, setSession] = useState(query.get("session"));
  const [facts, setFacts] = useState<GivenFacts>({});
  const test = useMutation({ mutationFn: (body: PolicyQuestion) => site("POST /footlight/v1/recording-policies/test", { body }) });
  const ready = about === "facts" || session !== null;
  return (
    <>
      <PolicyTabs />
      <div className="cards halves">
        <form className="card stack" aria-label={t.title} onSubmit={(event) => { event.preventDefault(); test.mutate(about === "session" ? { sessionId: session } : { facts }); }}>
          <h2>{t.title}</h2>
          <p className="soft">{t.about}</p>
          <SegmentedControl size="xs" value={about} onChange={(value) => setAbout(value === "facts" ? "facts" : "session")} aria-label={t.kind}
            data={[{ value: "session", label: t.session }, { value: "facts", label: t.facts }]} />
          {about === "session" ? <SessionChoice value={session} set={setSession} /> : <FactFields facts={facts} set={setFacts} />}
          <div className="row"><span className="grow" /><Button type="submit" disabled={!ready} loading={test.isPending} leftSection={<FlaskConical size={14} aria-hidden />}>{t.act}</Button></div>
          {test.isError ? <p role="alert" className="tone-bad">{errorText(test.error)}</p> : null}
        </form>
        {test.data === undefined ? null : <section className="card" aria-label={t.result}><h2>{t.result}</h2><Decision decision={test.data} /></section>}
      </div>
    </>
  );
}

function SessionChoice({ value, set }: { value: string | null; set: (id: string | null) => void }): React.JSX.Element {
  const [typed, setTyped] = useState("");
  const found = useQuery({
    queryKey: ["policies", "sessions", typed],
    queryFn: () => site("POST /footlight/v1/sessions/$search", { query: { limit: MOST_SESSIONS }, body: typed === "" ? {} : { BasicSearchString: typed } }),
  });
  const data = (found.data?.items ?? []).map((one) => ({ value: one.id, label: `${bare(one.userName)} · ${one.resourceName} · ${bare(one.machineName)} · ${one.id.slice(0, 8)}` }));
  return (
    <Select label={t.which} placeholder={t.whichHint} searchable nothingFoundMessage={t.noSession} data={data} value={value} onChange={set}
      filter={({ options }) => options} onSearchChange={(text) => setTyped(data.some((one) => one.label === text) ? "" : text)} />
  );
}

function FactFields({ facts, set }: { facts: GivenFacts; set: (facts: GivenFacts) => void }): React.JSX.Element {
  return (
    <>
      {FACTS.map((name) => (
        <TextInput key={name} label={t.fields[name]} value={facts[name] ?? ""}
          onChange={(event) => set({ ...facts, [name]: event.currentTarget.value === "" ? null : event.currentTarget.value })} />
      ))}
      <TagsInput label={t.fields.groups} value={facts.groups ?? []} onChange={(groups) => set({ ...facts, groups })} acceptValueOnBlur />
      <TagsInput label={t.fields.tags} value={facts.tags ?? []} onChange={(tags) => set({ ...facts, tags })} acceptValueOnBlur />
      <TextInput type="datetime-local" label={t.fields.at} description={t.now}
        onChange={(event) => set({ ...facts, at: event.currentTarget.value === "" ? null : new Date(event.currentTarget.value).toISOString() })} />
    </>
  );
}
