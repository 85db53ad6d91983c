/** The files panel of a session: what is in the drop folder, out by a link, in by dropping or choosing. */

import { Cancelled, fileAddress, list, Refusal, remove, upload, type SessionFile, type Upload } from "../api/files";
import { ask, errorText } from "../parts/ask";
import { byId, h, patch } from "../parts/dom";
import { ago, bytesText } from "../parts/words";
import type { Direction } from "./clipboard";

const AT_ONCE = 2;
const DONE_MS = 4000;

/** A file that goes in: waiting, under way, arrived or refused. */
interface Arriving {
  key: string;
  file: File;
  overwrite: boolean;
  share: number;
  state: "waiting" | "sending" | "done" | "refused";
  why: string;
  replaceable: boolean;
  running: Upload | null;
}

export class Files {
  private readonly button = byId("files", HTMLButtonElement);
  private readonly panel = byId("files-panel", HTMLElement);
  private readonly rows = byId("files-list", HTMLElement);
  private readonly sending = byId("files-sending", HTMLElement);
  private readonly note = byId("files-note", HTMLElement);
  private readonly choose = byId("files-choose", HTMLInputElement);
  private readonly target = byId("files-drop", HTMLElement);
  private readonly arriving: Arriving[] = [];
  private direction: Direction = "off";
  private limitBytes = Number.MAX_SAFE_INTEGER;
  private number = 0;

  /** `session` is the address of the session in the API; `opened` is told when the panel comes. */
  constructor(
    private readonly session: string,
    private readonly opened: () => void,
  ) {
    this.button.addEventListener("click", () => this.show(this.panel.hidden !== false));
    byId("files-refresh", HTMLButtonElement).addEventListener("click", () => void this.refresh());
    byId("files-add", HTMLButtonElement).addEventListener("click", () => this.choose.click());
    this.choose.addEventListener("change", () => {
      this.add(Array.from(this.choose.files ?? []));
      this.choose.value = "";
    });
    this.listenForDrops();
  }

  /** A display has opened under this policy. */
  rule(direction: Direction): void {
    this.direction = direction;
    this.button.hidden = direction === "off";
    byId("files-add", HTMLButtonElement).hidden = !this.goesIn();
    if (direction === "off") this.show(false);
    else if (!this.panel.hidden) void this.refresh();
  }

  show(wanted: boolean): void {
    this.panel.hidden = !wanted;
    this.button.setAttribute("aria-expanded", String(wanted));
    if (!wanted) return;
    this.opened();
    void this.refresh();
  }

  private goesIn(): boolean {
    return this.direction === "in" || this.direction === "both";
  }

  private goesOut(): boolean {
    return this.direction === "out" || this.direction === "both";
  }

  private async refresh(): Promise<void> {
    try {
      const { files, more, limitBytes } = await list(this.session);
      this.limitBytes = limitBytes;
      this.draw(files);
      const end = more ? " There are more files than are shown." : "";
      this.note.textContent = files.length === 0 ? `The folder is empty. ${HINTS[this.direction]}` : HINTS[this.direction] + end;
      this.note.className = "soft";
    } catch (error) {
      this.draw([]);
      this.note.textContent = errorText(error);
      this.note.className = "bad";
    }
  }

  private draw(files: SessionFile[]): void {
    const nowMs = Date.now();
    patch(
      this.rows,
      files.map((file) => ({
        key: file.name,
        signature: `${file.sizeBytes} ${file.modifiedAt} ${this.direction}`,
        draw: () => this.row(file, nowMs),
      })),
    );
  }

  private row(file: SessionFile, nowMs: number): HTMLElement {
    const address = fileAddress(this.session, file.name);
    const name = this.goesOut()
      ? h("a", { href: address, download: file.name, title: file.name, "data-action": "get" }, file.name)
      : h("span", { title: file.name }, file.name);
    name.classList.add("file-name");
    const facts = h("small", {}, `${bytesText(file.sizeBytes)} · ${ago(file.modifiedAt, nowMs)}`);
    const drop = h(
      "button",
      { class: "plain", "data-action": "delete", "aria-label": `Delete ${file.name}`, click: () => void this.delete(file.name) },
      "Delete",
    );
    return h("li", { class: "file" }, name, facts, this.goesIn() ? drop : null);
  }

  private async delete(name: string): Promise<void> {
    if (!(await ask(`Delete ${name}?`, "It is deleted in the session, too.", "Delete"))) return;
    try {
      await remove(this.session, name);
      await this.refresh();
    } catch (error) {
      this.note.textContent = errorText(error);
      this.note.className = "bad";
    }
  }

  // --- files that go in ---

  private listenForDrops(): void {
    let over = 0;
    const isFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    window.addEventListener("dragenter", (event) => {
      if (!isFiles(event)) return;
      over += 1;
      this.target.hidden = false;
      this.target.textContent = this.goesIn()
        ? "Drop files here to put them into the session"
        : "Files can't be put into this session";
    });
    window.addEventListener("dragleave", (event) => {
      if (isFiles(event)) over -= 1;
      if (over <= 0) this.target.hidden = true;
    });
    // Without this the browser would leave the session and show the file.
    window.addEventListener("dragover", (event) => event.preventDefault());
    window.addEventListener("drop", (event) => {
      event.preventDefault();
      over = 0;
      this.target.hidden = true;
      if (!isFiles(event) || !this.goesIn()) return;
      this.show(true);
      this.add(Array.from(event.dataTransfer?.files ?? []));
    });
  }

  private add(files: File[]): void {
    for (const file of files) {
      const tooLarge = file.size > this.limitBytes;
      this.arriving.push({
        key: String(this.number++),
        file,
        overwrite: false,
        share: 0,
        state: tooLarge ? "refused" : "waiting",
        why: tooLarge ? `It is larger than ${bytesText(this.limitBytes)}.` : "",
        replaceable: false,
        running: null,
      });
    }
    this.turn();
  }

  /** Begin what can begin, and show how all of it stands. */
  private turn(): void {
    for (const one of this.arriving) {
      const busy = this.arriving.filter((other) => other.state === "sending").length;
      if (one.state === "waiting" && busy < AT_ONCE) void this.send(one);
    }
    this.drawArriving();
  }

  private async send(one: Arriving): Promise<void> {
    one.state = "sending";
    one.running = upload(this.session, one.file, one.overwrite, (share) => {
      one.share = share;
      this.drawArriving();
    });
    try {
      await one.running.done;
      one.state = "done";
      setTimeout(() => this.forget(one), DONE_MS);
      void this.refresh();
    } catch (error) {
      if (error instanceof Cancelled) {
        this.forget(one);
        return;
      }
      one.state = "refused";
      one.replaceable = error instanceof Refusal && error.code === "FileExists";
      one.why = error instanceof Error ? error.message : String(error);
    }
    this.turn();
  }

  private forget(one: Arriving): void {
    const at = this.arriving.indexOf(one);
    if (at >= 0) this.arriving.splice(at, 1);
    this.turn();
  }

  private drawArriving(): void {
    patch(
      this.sending,
      this.arriving.map((one) => ({
        key: one.key,
        signature: `${one.state} ${one.why} ${Math.floor(one.share * 100)}`,
        draw: () => this.arrivingRow(one),
      })),
    );
  }

  private arrivingRow(one: Arriving): HTMLElement {
    const again = (): void => {
      Object.assign(one, { overwrite: true, state: "waiting", why: "", share: 0, replaceable: false });
      this.turn();
    };
    const leave = (): void => {
      if (one.state === "sending") one.running?.cancel();
      else this.forget(one);
    };
    const words = {
      waiting: "waiting",
      sending: `${Math.floor(one.share * 100)} % of ${bytesText(one.file.size)}`,
      done: "is in the session",
      refused: one.why,
    };
    const bar = h("progress", { max: "1", value: String(one.share), "aria-label": `Sending ${one.file.name}` });
    return h(
      "li",
      { class: `file ${one.state}` },
      h("span", { class: "file-name", title: one.file.name }, one.file.name),
      h("small", {}, words[one.state]),
      one.state === "sending" ? bar : null,
      one.replaceable ? h("button", { "data-action": "replace", click: again }, "Replace") : null,
      one.state === "done"
        ? null
        : h("button", { class: "plain", "data-action": "leave", click: leave }, one.state === "refused" ? "Dismiss" : "Cancel"),
    );
  }
}

const HINTS: Record<Direction, string> = {
  off: "",
  in: "Files go into the session only.",
  out: "Files come out of the session only.",
  both: "In the session it is the folder Footlight Files.",
};
