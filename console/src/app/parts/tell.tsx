/** Saying what an action did; what failed stays until it is seen. */

import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { texts } from "../texts";
import { errorText } from "./failure";
import "./tell.css";

const TOLD_MS = 6000;
const UNDO_MS = 12_000;

export function told(message: string): void {
  notifications.show({ message, autoClose: TOLD_MS, closeButtonProps: { "aria-label": texts.close } });
}

export function failed(what: string, error: unknown): void {
  const closeButtonProps = { "aria-label": texts.close };
  notifications.show({ title: what, message: errorText(error), color: "red", autoClose: false, role: "alert", closeButtonProps });
}

/** What was done, and where one goes on from it. */
export function leading(message: string, onward: string, href: string): void {
  notifications.show({
    closeButtonProps: { "aria-label": texts.close },
    autoClose: UNDO_MS,
    message: (
      <span className="row">
        <span className="grow">{message}</span>
        <Button component="a" href={href} variant="light" size="compact-xs">{onward}</Button>
      </span>
    ),
  });
}

/** What can be taken back for a while. */
export function undoable(message: string, undo: () => void): void {
  const id = notifications.show({
    closeButtonProps: { "aria-label": texts.close },
    autoClose: UNDO_MS,
    message: (
      <span className="row">
        <span className="grow">{message}</span>
        <Button variant="light" size="compact-xs" onClick={() => { notifications.hide(id); undo(); }}>{texts.undo}</Button>
      </span>
    ),
  });
}

/** Do it; tell when it fails. True: it is done. */
export async function attempt(what: string, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    failed(what, error);
    return false;
  }
}
