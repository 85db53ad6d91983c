/** Something that is shown once, with a button that copies it. */

import { Alert, Button, Modal } from "@mantine/core";
import { Command } from "../../parts/command";
import { texts } from "../../texts";

const t = texts.settings;

interface SecretProps {
  title: string;
  /** Names and values, in order. */
  lines: readonly (readonly [label: string, value: string])[];
  close: () => void;
}

export function Secret({ title, lines, close }: SecretProps): React.JSX.Element {
  return (
    <Modal opened onClose={close} title={title} size="lg" closeOnClickOutside={false} closeButtonProps={{ "aria-label": texts.close }}>
      <div className="stack">
        <Alert color="yellow">{t.once}</Alert>
        {lines.map(([label, value]) => <div key={label} className="stack tight"><h3>{label}</h3><Command>{value}</Command></div>)}
        <div className="row"><span className="grow" /><Button onClick={close}>{t.kept}</Button></div>
      </div>
    </Modal>
  );
}
