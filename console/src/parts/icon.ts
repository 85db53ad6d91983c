/** Small line drawings, always beside a word. */

const PATHS = {
  active: "M2 8l4 4 8-9",
  starting: "M8 2v3M8 11v3M2 8h3M11 8h3M3.8 3.8l2 2M10.2 10.2l2 2M3.8 12.2l2-2M10.2 5.8l2-2",
  disconnected: "M5 3v10M11 3v10",
  ended: "M4 4h8v8H4z",
  fault: "M8 1.5L15 14H1zM8 6v4M8 11.8v.4",
  record: "M8 3.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9",
  play: "M4 2.5v11l9-5.5z",
  pause: "M5 3v10M11 3v10",
  open: "M2 3h12v8H2zM6 14h4M8 11v3",
  eye: "M1 8c3-5.5 11-5.5 14 0c-3 5.5-11 5.5-14 0zM8 6.2a1.8 1.8 0 1 1 0 3.6a1.8 1.8 0 1 1 0-3.6",
  power: "M8 1.5v6M4.5 4a5.5 5.5 0 1 0 7 0",
} as const;

export type IconName = keyof typeof PATHS;

/** The drawing, hidden from screen readers. */
export function icon(name: IconName): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
