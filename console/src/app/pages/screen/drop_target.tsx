/** Files that are dropped anywhere on the page. */

import { useEffect, useRef, useState } from "react";
import { texts } from "../../texts";

const t = texts.work.files;
const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

export function DropTarget({ takes, add }: { takes: boolean; add: (files: File[]) => void }): React.JSX.Element | null {
  const [over, setOver] = useState(false);
  const latest = useRef({ takes, add });
  useEffect(() => {
    latest.current = { takes, add };
  });
  useEffect(() => {
    const given = new AbortController();
    const { signal } = given;
    let inside = 0;
    window.addEventListener("dragenter", (event) => {
      if (!hasFiles(event)) return;
      inside += 1;
      setOver(true);
    }, { signal });
    window.addEventListener("dragleave", (event) => {
      if (hasFiles(event)) inside -= 1;
      if (inside <= 0) setOver(false);
    }, { signal });
    // Without this the browser would leave the session and show the file.
    window.addEventListener("dragover", (event) => event.preventDefault(), { signal });
    window.addEventListener("drop", (event) => {
      event.preventDefault();
      inside = 0;
      setOver(false);
      if (hasFiles(event) && latest.current.takes) latest.current.add(Array.from(event.dataTransfer?.files ?? []));
    }, { signal });
    return () => given.abort();
  }, []);
  return over ? <div className="drop">{takes ? t.drop : t.noDrop}</div> : null;
}
