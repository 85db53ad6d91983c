/** Reporting a problem: what is wrong, then the link under which help desk finds the moment. */

import { Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { site } from "../../../api/site";
import type { ReportView } from "../../../api/wire.gen";
import { Command } from "../../parts/command";
import { errorText } from "../../parts/failure";
import { texts } from "../../texts";
import { Floating } from "./floating";

const t = texts.work.report;

export function ReportPanel({ id, close }: { id: string; close: () => void }): React.JSX.Element {
  const [text, setText] = useState("");
  const sent = useMutation({
    mutationFn: () => site("POST /footlight/v1/sessions/{id}/reports", { path: { id }, body: { text } }),
  });
  return (
    <Floating title={t.title} close={close}>
      {sent.data === undefined ? (
        <form className="stack tight" onSubmit={(event) => { event.preventDefault(); sent.mutate(); }}>
          <Textarea label={t.what} rows={4} required value={text} onChange={(event) => setText(event.currentTarget.value)} />
          <p className="soft">{t.does}</p>
          {sent.error === null ? null : <p role="alert" className="tone-bad">{errorText(sent.error)}</p>}
          <div className="row"><span className="grow" /><Button type="submit" loading={sent.isPending}>{t.send}</Button></div>
        </form>
      ) : <Sent report={sent.data} />}
    </Floating>
  );
}

function Sent({ report }: { report: ReportView }): React.JSX.Element {
  return (
    <div className="stack tight" role="status">
      <p>{report.link === null ? t.sentUnrecorded : t.sent}</p>
      {report.link === null ? null : <Command>{report.link}</Command>}
      <p className="soft">{t.number}<span className="mono"> {report.id}</span></p>
    </div>
  );
}
