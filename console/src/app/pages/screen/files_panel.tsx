/** The drop folder of a session: what is in it, out by a link, in by dropping or choosing. */

import { Button, FileButton } from "@mantine/core";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { FilePlus2, RefreshCw } from "lucide-react";
import { fileAddress, list, type Listed, remove, type SessionFile } from "../../../api/files";
import { bytesText } from "../../../parts/words";
import { useAsk } from "../../parts/ask";
import { errorText } from "../../parts/failure";
import { useFollowed } from "../../parts/followed";
import { attempt } from "../../parts/tell";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";
import { type Direction, goesIn, goesOut } from "./clipboard";
import { filesKey } from "./files_key";
import { Floating } from "./floating";
import type { Arriving, Uploads } from "./uploads";

const t = texts.work.files;

interface FilesProps {
  /** The address of the session in the API. */
  session: string;
  direction: Direction;
  uploads: Uploads;
  close: () => void;
}

export function FilesPanel({ session, direction, uploads, close }: FilesProps): React.JSX.Element {
  const files = useQuery({
    queryKey: filesKey(session),
    queryFn: async () => {
      const listed = await list(session);
      uploads.limit(listed.limitBytes);
      return listed;
    },
    staleTime: 0,
  });
  const arriving = useFollowed(uploads.files);
  return (
    <Floating title={t.title} close={close}>
      <div className="row">
        <span className="grow" />
        <Button variant="subtle" leftSection={<RefreshCw size={14} aria-hidden />} loading={files.isFetching}
          onClick={() => void files.refetch()}>{t.again}</Button>
        {goesIn(direction) ? (
          <FileButton multiple onChange={(chosen) => uploads.add(chosen)}>
            {(props) => <Button {...props} leftSection={<FilePlus2 size={14} aria-hidden />}>{t.add}</Button>}
          </FileButton>
        ) : null}
      </div>
      <ul className="files arriving" aria-live="polite" aria-label={t.arriving}>
        {arriving.map((one) => <ArrivingRow key={one.key} one={one} uploads={uploads} />)}
      </ul>
      <ul className="files" aria-label={t.title}>
        {files.data?.files.map((file) => (
          <FileRow key={file.name} session={session} file={file} direction={direction} changed={() => void files.refetch()} />
        ))}
      </ul>
      <Note files={files} direction={direction} />
    </Floating>
  );
}

function Note({ files, direction }: { files: UseQueryResult<Listed>; direction: Direction }): React.JSX.Element {
  if (files.isError) return <p role="alert" className="tone-bad">{errorText(files.error)}</p>;
  if (files.data === undefined) return <p role="status" className="soft">{texts.loading}</p>;
  const empty = files.data.files.length === 0 ? t.empty : null;
  const more = files.data.more ? t.more : null;
  return <p role="status" className="soft">{[empty, t.rules[direction], more].filter((part) => part !== null).join(" ")}</p>;
}

interface FileProps {
  session: string;
  file: SessionFile;
  direction: Direction;
  changed: () => void;
}

function FileRow({ session, file, direction, changed }: FileProps): React.JSX.Element {
  const ask = useAsk();
  const drop = async (): Promise<void> => {
    if (!(await ask({ title: t.removeTitle(file.name), consequence: t.removeLoses, act: t.remove }))) return;
    await attempt(t.removeLabel(file.name), () => remove(session, file.name));
    changed();
  };
  return (
    <li className="file">
      {goesOut(direction)
        ? <a className="file-name" href={fileAddress(session, file.name)} download={file.name} title={file.name}>{file.name}</a>
        : <span className="file-name" title={file.name}>{file.name}</span>}
      <span className="soft">{bytesText(file.sizeBytes)} · <Ago at={file.modifiedAt} /></span>
      {goesIn(direction)
        ? <Button variant="subtle" size="compact-xs" aria-label={t.removeLabel(file.name)} onClick={() => void drop()}>{t.remove}</Button>
        : <span />}
    </li>
  );
}

function ArrivingRow({ one, uploads }: { one: Arriving; uploads: Uploads }): React.JSX.Element {
  const words = {
    waiting: t.waiting,
    sending: t.sent(one.share, bytesText(one.file.size)),
    done: t.done,
    refused: one.why,
  };
  return (
    <li className="file" data-upload={one.state}>
      <span className="file-name" title={one.file.name}>{one.file.name}</span>
      <span className={{ waiting: "soft", sending: "soft", done: "tone-good", refused: "tone-bad" }[one.state]}>{words[one.state]}</span>
      <span className="row">
        {one.replaceable ? <Button variant="default" size="compact-xs" onClick={() => uploads.replace(one.key)}>{t.replace}</Button> : null}
        {one.state === "done" ? null : (
          <Button variant="subtle" size="compact-xs" onClick={() => uploads.leave(one.key)}>{one.state === "refused" ? t.dismiss : texts.ask.cancel}</Button>
        )}
      </span>
      {one.state === "sending" ? <progress max={1} value={one.share} aria-label={t.sending(one.file.name)} /> : null}
    </li>
  );
}
