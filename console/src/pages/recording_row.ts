/** One recording in the portal's table. */

import type { Recording } from "../api/shapes";
import { h, type Keyed } from "../parts/dom";
import { icon } from "../parts/icon";
import { sign } from "../parts/sign";
import { ago, bytesText, clockText, exactly } from "../parts/words";

export function recordingRow(recording: Recording): Keyed {
  const started = ago(recording.startedAt, Date.now());
  const live = recording.state === "recording";
  return {
    key: recording.id,
    signature: JSON.stringify([recording, started]),
    draw: () =>
      h(
        "tr",
        { "data-recording": recording.id },
        h("td", {}, sign(recording.state)),
        h("td", {}, recording.userName),
        h("td", {}, recording.machineName),
        h("td", { title: exactly(recording.startedAt) }, started),
        h("td", { class: "number" }, clockText(recording.durationMs)),
        h("td", { class: "number" }, bytesText(recording.sizeBytes)),
        h(
          "td",
          { class: "actions" },
          h(
            "a",
            { class: "button", href: `/r/${recording.id}`, "data-action": "play" },
            icon("play"),
            live ? "Play live" : "Play",
          ),
        ),
      ),
  };
}
