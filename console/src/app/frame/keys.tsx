/** Keys that work everywhere, and the page that names them, under `?`. */

import { Modal } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { texts } from "../texts";

/** Whether keys belong to what has the focus: somebody types, or is in a dialog, which has keys of its own: Escape closes it, not what is behind it. */
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select") || target.closest("[role=dialog]") !== null;
}

/** Act on a key; with Ctrl (or the command key) also while something is typed. */
export function useKey(key: string, ctrl: boolean, act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== key || event.altKey || (event.ctrlKey || event.metaKey) !== ctrl) return;
      if (!ctrl && typing(event.target)) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [key, ctrl]);
}

type Named = readonly (readonly [key: string, does: string])[];

export function Keys({ all = texts.keys.all }: { all?: Named }): React.JSX.Element {
  const [open, setOpen] = useState(false);
  useKey("?", false, () => setOpen(true));
  return (
    <Modal opened={open} onClose={() => setOpen(false)} title={texts.keys.title} closeButtonProps={{ "aria-label": texts.close }}>
      <dl className="keys">
        {all.map(([key, does]) => (
          <div key={key}><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div>
        ))}
      </dl>
    </Modal>
  );
}
