/** A launch in the steps that people are told of. */

import type { PhaseView } from "../../../api/wire.gen";
import { texts } from "../../texts";

export interface Step {
  title: string;
  state: "done" | "now" | "later";
}

/** The phases of the API (docs/how-to/troubleshoot.md), each by the one that ends it. */
const STEPS: readonly (readonly [title: string, endedBy: string])[] = [
  [texts.portal.steps.machine, "brokering"],
  [texts.portal.steps.account, "account"],
  [texts.portal.steps.screen, "x_server"],
  [texts.portal.steps.programs, "program"],
];

/** `through`: the phases that the site has told of; none while there is no session yet. */
export function stepsOf(through: readonly PhaseView[]): Step[] {
  const names = new Set(through.map((phase) => phase.name));
  // A host tells of several phases at once: what lies before one that is through is through.
  const ended = STEPS.findLastIndex(([, endedBy]) => names.has(endedBy));
  return STEPS.map(([title], index) => ({ title, state: index <= ended ? "done" : index === ended + 1 ? "now" : "later" }));
}
