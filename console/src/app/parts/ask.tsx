/** Asking once before what can't be taken back, naming what and how many; more than ten want the number typed. */

import { Button, Group, Modal, TextInput } from "@mantine/core";
import { createContext, useContext, useState } from "react";
import { texts } from "../texts";

const TYPED_FROM = 11;

export interface Question {
  title: string;
  /** What it will lose. */
  consequence: React.ReactNode;
  act: string;
  /** How many it is done to. */
  count?: number;
}

type Ask = (question: Question) => Promise<boolean>;

const Context = createContext<Ask | null>(null);

export function useAsk(): Ask {
  const ask = useContext(Context);
  if (ask === null) throw new Error("Nobody can be asked here.");
  return ask;
}

interface Asked extends Question {
  answer: (sure: boolean) => void;
}

export function AskProvider({ children }: { children: React.ReactNode }): React.JSX.Element {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [typed, setTyped] = useState("");
  const ask: Ask = (question) =>
    new Promise((resolve) => {
      setTyped("");
      setAsked({
        ...question,
        answer: (sure) => {
          setAsked(null);
          resolve(sure);
        },
      });
    });
  const count = asked?.count ?? 1;
  const wanted = count >= TYPED_FROM ? String(count) : "";
  return (
    <Context.Provider value={ask}>
      {children}
      <Modal opened={asked !== null} onClose={() => asked?.answer(false)} title={asked?.title} closeButtonProps={{ "aria-label": texts.close }}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() === wanted) asked?.answer(true);
          }}
        >
          <div>{asked?.consequence}</div>
          {wanted === "" ? null : (
            <TextInput label={texts.ask.typeCount(count)} value={typed} inputMode="numeric" autoComplete="off"
              onChange={(event) => setTyped(event.currentTarget.value)} data-autofocus />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => asked?.answer(false)} {...(wanted === "" ? { "data-autofocus": true } : {})}>
              {texts.ask.cancel}
            </Button>
            <Button type="submit" color="red" disabled={typed.trim() !== wanted}>{asked?.act}</Button>
          </Group>
        </form>
      </Modal>
    </Context.Provider>
  );
}
