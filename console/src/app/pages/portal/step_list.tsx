/** How far a launch is. */

import { Check, Circle, LoaderCircle } from "lucide-react";
import type { PhaseView } from "../../../api/wire.gen";
import { texts } from "../../texts";
import { type Step, stepsOf } from "./steps";
import "./step_list.css";

const ICONS = { done: Check, now: LoaderCircle, later: Circle } as const;

export function StepList({ through }: { through: readonly PhaseView[] }): React.JSX.Element {
  return (
    <ol className="launch-steps" role="status" aria-label={texts.portal.steps.label}>
      {stepsOf(through).map((step) => <StepRow key={step.title} step={step} />)}
    </ol>
  );
}

function StepRow({ step }: { step: Step }): React.JSX.Element {
  const Icon = ICONS[step.state];
  return (
    <li data-step={step.state}>
      <Icon size={16} aria-hidden />
      {step.title}
      <span className="unseen">{texts.portal.steps.states[step.state]}</span>
    </li>
  );
}
