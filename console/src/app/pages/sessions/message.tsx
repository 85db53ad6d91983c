/** Writing to the people in sessions. */

import { Button, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { SendMessageRequest } from "../../../api/wire.gen";
import { texts } from "../../texts";

const t = texts.sessions.message;
const STYLES = ["Information", "Exclamation", "Question", "Critical"] as const;

interface MessageProps {
  /** To whom, in words. */
  to: string;
  send: (message: SendMessageRequest) => Promise<boolean>;
  close: () => void;
}

export default function Message({ to, send, close }: MessageProps): React.JSX.Element {
  const [title, setTitle] = useState<string>(t.defaultTitle);
  const [text, setText] = useState("");
  const [style, setStyle] = useState<string>(STYLES[0]);
  const [busy, setBusy] = useState(false);
  return (
    <Modal opened onClose={close} title={t.to(to)} closeButtonProps={{ "aria-label": texts.close }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setBusy(true);
          void send({ Style: style, Title: title, Text: text }).then((done) => {
            setBusy(false);
            if (done) close();
          });
        }}
      >
        <TextInput label={t.title} value={title} required onChange={(event) => setTitle(event.currentTarget.value)} />
        <Textarea label={t.text} value={text} required autosize minRows={3} maxRows={10} data-autofocus
          onChange={(event) => setText(event.currentTarget.value)} />
        <Select label={t.style} allowDeselect={false} value={style} onChange={(value) => setStyle(value ?? STYLES[0])}
          data={STYLES.map((value) => ({ value, label: t.styles[value] }))} />
        <div className="row"><span className="grow" /><Button type="submit" loading={busy}>{t.send}</Button></div>
      </form>
    </Modal>
  );
}
