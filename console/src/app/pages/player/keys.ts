/** What the player's keys do. */

export type PlayerAct =
  | "toggle" | "back" | "forward" | "backMore" | "forwardMore" | "eventBefore" | "eventAfter" | "changeBefore" | "changeAfter"
  | "slower" | "faster" | "start" | "end" | "skipIdle" | "full" | "actual" | "mark" | "search" | "clear";

const ACTS: Partial<Record<string, PlayerAct>> = {
  " ": "toggle",
  k: "toggle",
  j: "backMore",
  l: "forwardMore",
  arrowleft: "back",
  arrowright: "forward",
  ",": "changeBefore",
  ".": "changeAfter",
  "[": "slower",
  "]": "faster",
  home: "start",
  end: "end",
  i: "skipIdle",
  f: "full",
  "1": "actual",
  m: "mark",
  n: "search",
  escape: "clear",
};

const SHIFTED: Partial<Record<string, PlayerAct>> = { arrowleft: "eventBefore", arrowright: "eventAfter" };

interface Pressed {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/** The act of a key; null: not one of the player's. */
export function actOf(pressed: Pressed): PlayerAct | null {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return null;
  const key = pressed.key.toLowerCase();
  return (pressed.shiftKey ? SHIFTED[key] : undefined) ?? ACTS[key] ?? null;
}
