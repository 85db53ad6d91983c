/** A panel over the session's screen; the session works on behind it. */

import { CloseButton } from "@mantine/core";
import { texts } from "../../texts";

interface FloatingProps {
  title: string;
  close: () => void;
  children: React.ReactNode;
}

export function Floating({ title, close, children }: FloatingProps): React.JSX.Element {
  return (
    <section className="floating stack tight" aria-label={title} onKeyDown={(event) => { if (event.key === "Escape") close(); }}>
      <div className="row">
        <h2 className="grow">{title}</h2>
        <CloseButton aria-label={texts.close} onClick={close} autoFocus />
      </div>
      {children}
    </section>
  );
}
