/** How something was over time: an area, round lines, the value under the pointer. Its title says what it shows. */

import { useId, useRef, useState } from "react";
import { texts } from "../texts";
import { ticks } from "./scale";
import { useWidth } from "./use_width";
import "./charts.css";

const HEIGHT = 180;
const LEFT = 44;
const BOTTOM = 22;
const TOP = 8;
const HOUR_MS = 3_600_000;

interface AreaChartProps {
  /** A sentence that says what is to be seen, for who can't. */
  label: string;
  from: number;
  stepMs: number;
  values: readonly number[];
}

const clock = (at: number): string => new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });

export function AreaChart({ label, from, stepMs, values }: AreaChartProps): React.JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const id = useId();
  const [over, setOver] = useState<number | null>(null);
  const lines = ticks(Math.max(...values, 1));
  const top = lines.at(-1) ?? 1;
  const inner = Math.max(width - LEFT - 8, 1);
  const x = (place: number): number => LEFT + (place / Math.max(values.length - 1, 1)) * inner;
  const y = (value: number): number => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  const line = values.map((value, place) => `${place === 0 ? "M" : "L"}${x(place).toFixed(1)},${y(value).toFixed(1)}`).join("");
  const base = y(0);
  const hours = hourMarks(from, stepMs * (values.length - 1));
  const value = over === null ? undefined : values[over];
  return (
    <div className="chart" ref={box}>
      <svg width={width} height={HEIGHT} role="img" aria-label={label}
        onPointerMove={(event) => {
          const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
          setOver(Math.min(Math.max(Math.round(((at - LEFT) / inner) * (values.length - 1)), 0), values.length - 1));
        }}
        onPointerLeave={() => setOver(null)}>
        <defs>
          <linearGradient id={id} x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" stopColor="var(--fl-chart-1)" stopOpacity="0.28" />
            <stop offset="1" stopColor="var(--fl-chart-1)" stopOpacity="0.03" />
          </linearGradient>
        </defs>
        {lines.map((one) => (
          <g key={one}>
            <line x1={LEFT} x2={LEFT + inner} y1={y(one)} y2={y(one)} className="chart-line" />
            <text x={LEFT - 8} y={y(one) + 4} textAnchor="end" className="chart-text">{one.toLocaleString()}</text>
          </g>
        ))}
        {hours.map((at) => (
          <text key={at} x={LEFT + ((at - from) / (stepMs * (values.length - 1))) * inner} y={HEIGHT - 5} textAnchor="middle" className="chart-text">{clock(at)}</text>
        ))}
        <path d={`${line}L${x(values.length - 1).toFixed(1)},${base}L${x(0).toFixed(1)},${base}Z`} fill={`url(#${id})`} />
        <path d={line} className="chart-path" />
        {over === null || value === undefined ? null : (
          <g>
            <line x1={x(over)} x2={x(over)} y1={TOP} y2={base} className="chart-cursor" />
            <circle cx={x(over)} cy={y(value)} r={4} className="chart-dot" />
          </g>
        )}
      </svg>
      {over === null || value === undefined ? null : (
        <span className="chart-tip num" style={{ left: Math.min(Math.max(x(over), 70), width - 70) }}>
          {texts.overview.at(value, clock(from + over * stepMs))}
        </span>
      )}
    </div>
  );
}

/** Whole hours in the reader's zone, four hours apart. */
function hourMarks(from: number, lengthMs: number): number[] {
  const first = new Date(from);
  first.setMinutes(0, 0, 0);
  const found: number[] = [];
  for (let at = first.getTime() + HOUR_MS; at < from + lengthMs - HOUR_MS / 2; at += HOUR_MS) {
    if (new Date(at).getHours() % 4 === 0) found.push(at);
  }
  return found;
}
