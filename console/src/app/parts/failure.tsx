/** What went wrong, what to do, and the number under which the site knows it. */

import { Button } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { ApiError } from "../../api/http";
import { texts } from "../texts";
import "./blank.css";

/** One line for people. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const id = error instanceof ApiError ? error.transactionId : null;
  return id === null ? text : texts.failure.withTransaction(text, id);
}

/** In place of what could not be read. */
export function Failure({ error, again }: { error: unknown; again: () => void }): React.JSX.Element {
  const missing = error instanceof ApiError && error.status === 404;
  const id = error instanceof ApiError ? error.transactionId : null;
  return (
    <div className="blank" role="alert">
      <TriangleAlert className="blank-icon bad" aria-hidden size={28} />
      <h2>{missing ? texts.failure.missing : texts.failure.title}</h2>
      <p className="soft">{error instanceof Error ? error.message : String(error)}</p>
      {id === null ? null : <p className="soft mono">{texts.failure.transaction(id)}</p>}
      {missing ? null : <Button variant="default" onClick={again}>{texts.failure.again}</Button>}
    </div>
  );
}
