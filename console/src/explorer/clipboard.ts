/** Copying to the clipboard. */

import { tell } from "../parts/ask";
import { h } from "../parts/dom";

/** A button that copies what `text` gives when it is pressed. */
export function copier(label: string, text: () => string | Promise<string>): HTMLButtonElement {
  return h("button", { class: "plain", click: () => void copy(text) }, label);
}

/** Copy, and say so. */
export async function copy(text: () => string | Promise<string>): Promise<void> {
  try {
    await navigator.clipboard.writeText(await text());
    tell("Copied.");
  } catch {
    tell("The browser does not let this page copy. Mark the text and copy it by hand.", "error");
  }
}
