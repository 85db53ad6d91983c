/** Why a session is recorded, or is not: what decides, and what came of every policy. */

import { Ban, CircleSlash, ListChecks, type LucideIcon, Minus } from "lucide-react";
import type { DecisionView, JudgementView } from "../../../api/wire.gen";
import { bare } from "../../parts/name";
import { texts } from "../../texts";
import { outcomeLines } from "./words";
import "./policies.css";

const t = texts.policies.decision;

const ICONS: Record<JudgementView["verdict"], LucideIcon> = { decides: ListChecks, disabled: CircleSlash, "no-match": Ban, outranked: Minus };

export function Decision({ decision }: { decision: DecisionView }): React.JSX.Element {
  return (
    <div className="stack">
      <p role="status"><strong>{decision.sentence}</strong></p>
      {decision.then === null ? null : <ul className="plain-list">{outcomeLines(decision.then).map((line) => <li key={line}>{line}</li>)}</ul>}
      {decision.stopped ? <p className="tone-warn">{t.stopped}</p> : null}
      {decision.reasons.length === 0 ? null : (
        <div className="stack tight">
          <h3>{t.now}</h3>
          <ul className="plain-list">
            {decision.reasons.map((one) => (
              <li key={`${one.kind} ${one.name ?? ""} ${one.orderedBy ?? ""}`}>{one.kind === "policy" ? t.byPolicy(one.name ?? "") : t.onDemand(bare(one.orderedBy ?? ""))}</li>
            ))}
          </ul>
        </div>
      )}
      <div className="stack tight">
        <h3>{t.all}</h3>
        {decision.policies.length === 0 ? <p className="soft">{t.noPolicies}</p> : (
          <ol className="judgements">{decision.policies.map((one) => <Judgement key={one.id} of={one} />)}</ol>
        )}
      </div>
    </div>
  );
}

function Judgement({ of }: { of: JudgementView }): React.JSX.Element {
  const Icon = ICONS[of.verdict];
  return (
    <li className={`judgement ${of.verdict}`} data-verdict={of.verdict}>
      <Icon size={16} aria-hidden />
      <span><strong>{of.position}. {of.name}</strong> · {t.verdicts[of.verdict]}</span>
      <span className="soft">{of.sentence}</span>
    </li>
  );
}
