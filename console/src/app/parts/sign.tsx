/** The language of signs: state is colour and icon and word. */

import {
  Ban, Check, CircleDashed, CircleSlash, Clock, Lock, type LucideIcon,
  Monitor, ShieldAlert, ShieldCheck, ShieldQuestionMark, Trash2, Wrench,
} from "lucide-react";
import { plain } from "../../parts/words";
import { texts } from "../texts";
import "./sign.css";

type Tone = "good" | "busy" | "quiet" | "bad" | "warn" | "record";

/** Icons that style sheets draw. Long lists show these: an element of SVG in each row takes a fifth of what scrolling costs. */
type Shape = "dot" | "turning" | "dashed" | "full" | "alert";

interface Look {
  tone: Tone;
  icon: LucideIcon | Shape;
  word?: string;
}

const LOOKS: Record<string, Look> = {
  active: { tone: "good", icon: "dot" },
  connected: { tone: "busy", icon: "turning", word: texts.states.loggingOn },
  disconnected: { tone: "quiet", icon: "dashed" },
  ended: { tone: "quiet", icon: CircleSlash },
  terminated: { tone: "quiet", icon: CircleSlash, word: texts.states.ended },
  recording: { tone: "record", icon: "full" },
  completed: { tone: "good", icon: Check },
  failed: { tone: "bad", icon: "alert" },
  refused: { tone: "bad", icon: Ban },
  delayed: { tone: "warn", icon: "alert" },
  starting: { tone: "busy", icon: "turning" },
  available: { tone: "good", icon: Check },
  inuse: { tone: "good", icon: Monitor },
  unregistered: { tone: "bad", icon: "alert", word: texts.states.silent },
  maintenance: { tone: "warn", icon: Wrench },
  revoked: { tone: "bad", icon: Ban },
  enrolled: { tone: "good", icon: Check },
  inprogress: { tone: "busy", icon: "turning" },
  notstarted: { tone: "quiet", icon: Clock },
  complete: { tone: "good", icon: Check },
  completewithwarning: { tone: "warn", icon: "alert" },
  canceled: { tone: "quiet", icon: CircleSlash },
  enabled: { tone: "good", icon: Check },
  disabled: { tone: "quiet", icon: CircleSlash },
  verified: { tone: "good", icon: ShieldCheck },
  "unchanged-unknown-signer": { tone: "warn", icon: ShieldQuestionMark, word: texts.player.badge.status["unchanged-unknown-signer"] },
  unfinished: { tone: "busy", icon: ShieldCheck, word: texts.player.badge.status.unfinished },
  truncated: { tone: "bad", icon: ShieldAlert, word: texts.player.badge.status.truncated },
  damaged: { tone: "bad", icon: ShieldAlert, word: texts.player.badge.status.damaged },
  open: { tone: "busy", icon: Clock },
  used: { tone: "good", icon: Check },
  held: { tone: "warn", icon: Lock },
  removing: { tone: "busy", icon: "turning" },
  deleted: { tone: "quiet", icon: Trash2 },
  expired: { tone: "quiet", icon: CircleSlash },
};

/** An unknown state is shown by its own word. */
export function lookOf(state: string): Look & { word: string } {
  const look = LOOKS[state.toLowerCase()] ?? { tone: "quiet", icon: CircleDashed };
  const own = plain(state);
  return { ...look, word: look.word ?? own.charAt(0).toUpperCase() + own.slice(1) };
}

export function Sign({ state }: { state: string }): React.JSX.Element {
  const { tone, icon: Icon, word } = lookOf(state);
  if (typeof Icon === "string") return <span className={`sign tone-${tone} shape-${Icon}`} data-state={state}>{word}</span>;
  return (
    <span className={`sign tone-${tone}`} data-state={state}>
      <Icon size={13} aria-hidden strokeWidth={2.25} />
      {word}
    </span>
  );
}
