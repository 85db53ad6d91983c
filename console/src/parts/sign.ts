/** The language of signs: state is colour and icon and word. */

import { h } from "./dom";
import { icon, type IconName } from "./icon";
import { plain } from "./words";

interface Look {
  tone: "good" | "busy" | "quiet" | "bad" | "record";
  icon: IconName;
  word: string;
}

const LOOKS: Record<string, Look> = {
  active: { tone: "good", icon: "active", word: "Active" },
  connected: { tone: "busy", icon: "starting", word: "Logging on" },
  disconnected: { tone: "quiet", icon: "disconnected", word: "Disconnected" },
  ended: { tone: "quiet", icon: "ended", word: "Ended" },
  terminated: { tone: "quiet", icon: "ended", word: "Ended" },
  completed: { tone: "good", icon: "active", word: "Completed" },
  failed: { tone: "bad", icon: "fault", word: "Failed" },
  recording: { tone: "record", icon: "record", word: "Recording" },
};

/** How a state of a session or recording looks; an unknown one is shown by its own word. */
export function lookOf(state: string): Look {
  return LOOKS[state.toLowerCase()] ?? { tone: "quiet", icon: "starting", word: plain(state) };
}

export function sign(state: string): HTMLElement {
  const look = lookOf(state);
  return h("span", { class: `sign tone-${look.tone}` }, icon(look.icon), look.word);
}
