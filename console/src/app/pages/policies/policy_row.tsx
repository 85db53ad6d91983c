/** A policy in the list: its place, about whom it is, what it wants, what that comes to. */

import { ActionIcon, UnstyledButton } from "@mantine/core";
import { ArrowDown, ArrowUp, GripVertical } from "lucide-react";
import type { HTMLAttributes } from "react";
import type { PolicyForecast, PolicyView } from "../../../api/wire.gen";
import { bytesText } from "../../../parts/words";
import { Sign } from "../../parts/sign";
import { texts } from "../../texts";
import { conditionLines, outcomeLines } from "./words";

const t = texts.policies;

interface PolicyRowProps {
  policy: PolicyView;
  last: boolean;
  open: boolean;
  over: boolean;
  forecast: PolicyForecast | undefined;
  onOpen: () => void;
  /** By so many places. */
  onMove: (by: number) => void;
  drag: HTMLAttributes<HTMLLIElement>;
}

export function PolicyRow({ policy, last, open, over, forecast, onOpen, onMove, drag }: PolicyRowProps): React.JSX.Element {
  const pressed = (event: React.KeyboardEvent): void => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || by === undefined) return;
    event.preventDefault();
    onMove(by);
  };
  const lines = conditionLines(policy.conditions);
  const names = ["policy", open ? "open" : "", over ? "over" : "", policy.enabled ? "" : "off"];
  return (
    <li className={names.filter((name) => name !== "").join(" ")} data-policy={policy.id} onKeyDown={pressed} {...drag}>
      <GripVertical size={16} aria-hidden className="policy-grip" />
      <span className="policy-place num">{policy.position}</span>
      <UnstyledButton className="policy-about" onClick={onOpen} aria-expanded={open}>
        <span className="row"><strong>{policy.name}</strong><Sign state={policy.enabled ? "enabled" : "disabled"} /></span>
        <span>{outcomeLines(policy.then).join("; ")}</span>
        <span className="soft">{lines.length === 0 ? t.everySession : lines.join("; ")}</span>
      </UnstyledButton>
      <span className="policy-size num soft">{forecast === undefined ? "" : <>{t.sessionsNow(forecast.sessions)}<br />{forecast.bytesPerHour === null ? "" : t.perHour(bytesText(forecast.bytesPerHour))}</>}</span>
      <span className="row">
        <ActionIcon variant="subtle" color="gray" disabled={policy.position === 1} aria-label={t.up(policy.name)} onClick={() => onMove(-1)}><ArrowUp size={15} aria-hidden /></ActionIcon>
        <ActionIcon variant="subtle" color="gray" disabled={last} aria-label={t.down(policy.name)} onClick={() => onMove(1)}><ArrowDown size={15} aria-hidden /></ActionIcon>
      </span>
    </li>
  );
}
