/** What belongs to an object: a short list with a way to take each out, and what adds more. */

import { ActionIcon } from "@mantine/core";
import { Pencil, X } from "lucide-react";
import { texts } from "../texts";
import { errorText } from "./failure";
import { Bones } from "./panel";
import "./members.css";

interface Member {
  id: string;
  name: string;
  note?: React.ReactNode;
}

interface MembersProps {
  title: string;
  none: string;
  found: { isPending: boolean; error: Error | null };
  rows: readonly Member[];
  edit?: (id: string) => void;
  remove?: (id: string) => void;
  /** What adds more, and its dialog. */
  children?: React.ReactNode;
}

export function Members({ title, none, found, rows, edit, remove, children }: MembersProps): React.JSX.Element {
  return (
    <section className="stack tight" aria-label={title}>
      <h3>{title}</h3>
      {found.isPending ? <Bones lines={2} /> : null}
      {found.error === null ? null : <p role="alert" className="tone-bad">{errorText(found.error)}</p>}
      {!found.isPending && found.error === null && rows.length === 0 ? <p className="soft">{none}</p> : null}
      {rows.length === 0 ? null : (
        <ul className="members">
          {rows.map((row) => (
            <li key={row.id}>
              <span className="grow">{row.name} <span className="soft">{row.note}</span></span>
              {edit === undefined ? null : <ActionIcon variant="subtle" color="gray" aria-label={texts.groups.edit(row.name)} onClick={() => edit(row.id)}><Pencil size={14} aria-hidden /></ActionIcon>}
              {remove === undefined ? null : <ActionIcon variant="subtle" color="gray" aria-label={texts.takeOut(row.name)} onClick={() => remove(row.id)}><X size={14} aria-hidden /></ActionIcon>}
            </li>
          ))}
        </ul>
      )}
      <div className="row wrap">{children}</div>
    </section>
  );
}
