/** A dialog whose form is still being read. */

import { Modal } from "@mantine/core";
import { texts } from "../texts";
import { errorText } from "./failure";
import { Bones } from "./panel";

interface ReadingProps {
  title: string;
  error: Error | null;
  close: () => void;
}

export function Reading({ title, error, close }: ReadingProps): React.JSX.Element {
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ "aria-label": texts.close }}>
      {error === null ? <Bones lines={4} /> : <p role="alert" className="tone-bad">{errorText(error)}</p>}
    </Modal>
  );
}
