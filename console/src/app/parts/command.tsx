/** A command to run somewhere else, with the button that copies it. */

import { texts } from "../texts";
import { CopyButton } from "./name";

export function Command({ children }: { children: string }): React.JSX.Element {
  return (
    <div className="command">
      <code className="grow">{children}</code>
      <CopyButton text={children} label={texts.copyCommand} />
    </div>
  );
}
