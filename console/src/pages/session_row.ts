/** One session in the portal's table, with what can be done to it. */

import * as actions from "../api/actions";
import { MAY } from "../api/permissions";
import type { Me, Session } from "../api/shapes";
import { ask, errorText, tell } from "../parts/ask";
import { byId, h, type Keyed } from "../parts/dom";
import { icon, type IconName } from "../parts/icon";
import { sign } from "../parts/sign";
import { ago, exactly, plain } from "../parts/words";

/** Whether nothing of the session runs any more. */
export function hasEnded(session: Session): boolean {
  return ["ended", "terminated"].includes(session.state.toLowerCase());
}

/** The row; its signature holds the minute, so that "5 min ago" stays true. */
export function sessionRow(session: Session, me: Me): Keyed {
  const since = ago(session.stateChangedAt, Date.now());
  return {
    key: session.id,
    signature: JSON.stringify([session, since]),
    draw: () =>
      h(
        "tr",
        { "data-session": session.id, class: hasEnded(session) ? "ended" : "" },
        h("td", {}, sign(session.state)),
        h("td", {}, session.resourceName),
        h("td", {}, session.userName),
        h("td", {}, session.machineName),
        h("td", { class: "since", title: exactly(session.stateChangedAt) }, hasEnded(session) ? ending(session) : since),
        h("td", {}, session.recording ? sign("recording") : "–"),
        h("td", { class: "actions" }, ...(hasEnded(session) ? [] : buttons(session, me))),
      ),
  };
}

/** Why a session ended, in words. */
export function ending(session: Session): string {
  const reason = session.endReason === null ? "ended" : plain(session.endReason);
  const code = session.exitCode === null || session.exitCode === 0 ? "" : `, exit code ${session.exitCode}`;
  const detail = session.exitDetail === undefined || session.exitDetail === null ? "" : `: ${session.exitDetail}`;
  return reason + code + detail;
}

function buttons(session: Session, me: Me): HTMLElement[] {
  const shown: HTMLElement[] = [];
  const own = session.userName === me.userName;
  if (own || me.permissions.includes(MAY.shadow)) {
    const address = own ? `/s/${session.id}` : `/s/${session.id}?view=1`;
    const word = own ? "Open" : "Watch";
    shown.push(h("a", { class: "button", href: address, "data-action": "open" }, icon(own ? "open" : "eye"), word));
  }
  if (me.permissions.includes(MAY.record)) shown.push(recordButton(session));
  shown.push(
    button("disconnect", "disconnected", "Disconnect", () => disconnect(session)),
    button("logoff", "power", "Log off", () => logOff(session)),
  );
  return shown;
}

function recordButton(session: Session): HTMLElement {
  if (session.recording) {
    return button("stop-recording", "ended", "Stop recording", async () => {
      await actions.stopRecording(session.id);
      tell("Recording stopped. It is in the list below, ready to play.");
    });
  }
  return button("start-recording", "record", "Record", async () => {
    const notify = byId("notify", HTMLInputElement).checked;
    await actions.startRecording(session.id, notify);
    tell(notify ? "Recording. The user sees a notice." : "Recording. The user is not told.");
  });
}

async function disconnect(session: Session): Promise<void> {
  await actions.disconnect(session.id);
  tell(`${session.resourceName} of ${session.userName} is disconnected and runs on.`);
}

async function logOff(session: Session): Promise<void> {
  const sure = await ask(
    `Log ${session.userName} off from ${session.resourceName}?`,
    `The session on ${session.machineName} ends. What has not been saved in it is lost.`,
    "Log off",
  );
  if (!sure) return;
  await actions.logOff(session.id);
  tell(`${session.userName} is being logged off from ${session.resourceName}.`);
}

function button(action: string, drawing: IconName, word: string, act: () => Promise<void>): HTMLElement {
  const press = async (event: Event): Promise<void> => {
    const pressed = event.currentTarget as HTMLButtonElement;
    pressed.disabled = true;
    try {
      await act();
    } catch (error) {
      tell(`${word}: ${errorText(error)}`, "error");
    } finally {
      pressed.disabled = false;
    }
  };
  return h("button", { "data-action": action, click: (event) => void press(event) }, icon(drawing), word);
}
