/** The one chord that does not go into the session: it brings the tools, and takes them away. */

import { useEffect } from "react";

const PARTS: ReadonlySet<string> = new Set(["Control", "Alt", "Shift"]);

/** Ctrl-Alt-Shift, in any order, as other browser clients of remote desktops have it. */
export function useToolsKey(toggle: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (!PARTS.has(event.key) || !event.ctrlKey || !event.altKey || !event.shiftKey || event.repeat) return;
      event.preventDefault();
      event.stopPropagation();
      toggle();
    };
    // Before noVNC, which listens at its canvas.
    window.addEventListener("keydown", pressed, { capture: true });
    return () => window.removeEventListener("keydown", pressed, { capture: true });
  }, [toggle]);
}
