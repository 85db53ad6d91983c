/** One operation: what it is, a form for it, and what came of running it. */

import { h } from "../parts/dom";
import type { Access } from "./access";
import { copier } from "./clipboard";
import {
  type ApiDocument,
  type Operation,
  type Parameter,
  type Schema,
  firstBody,
  modelsIn,
  typeText,
} from "./document";
import { answerView, requestView, send, signed } from "./exchange";
import { type Values, keyOf, missing, requestOf } from "./request";

/** Ids that answers have shown, to choose from where a path wants one. */
export interface Known {
  /** Takes in the ids of an answer, and those that were asked with. */
  note(operation: Operation, values: Values, text: string): void;
  /** The id of the datalist for a parameter; null where none fits. */
  listFor(operation: Operation, name: string): string | null;
  /** What that parameter was the last time, "" before. */
  lastFor(operation: Operation, name: string): string;
}

/** The panel of an operation. `whoAsks` gives whoever is signed in at that moment. */
export function panelOf(document: ApiDocument, operation: Operation, whoAsks: () => Access | null, known: Known): HTMLElement {
  const fields = new Map<string, HTMLInputElement | HTMLSelectElement>();
  const secured = operation.security.length > 0;
  const result = h("div", { class: "result", "aria-live": "polite" });
  const editor = bodyEditor(document, operation);
  const run = h("button", { id: "run", type: "submit", class: "primary" }, "Run");
  const hint = h("p", { class: "error", role: "alert", hidden: true });
  const values = (): Values => new Map([...fields].map(([key, field]) => [key, field.value.trim()]));

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const access = whoAsks();
    const lacking = missing(operation, values());
    hint.hidden = lacking.length === 0 && (access !== null || !secured);
    hint.textContent = lacking.length > 0 ? `Fill in ${lacking.join(", ")}.` : "Sign in first, at the top of the page.";
    if (lacking.length > 0) fields.get([...fields.keys()].find((key) => lacking.includes(key.slice(key.indexOf(" ") + 1))) ?? "")?.focus();
    if (!hint.hidden) return;
    const request = signed(requestOf(operation, values(), editor?.value ?? null, location.origin), access, secured);
    run.disabled = true;
    result.replaceChildren(requestView(request, secured), h("p", { class: "hint", role: "status" }, "Waiting for the answer…"));
    try {
      const exchange = await send(request, secured ? access : null);
      if (exchange.text !== null && exchange.status < 300) known.note(operation, values(), exchange.text);
      result.replaceChildren(requestView(request, secured), answerView(exchange));
    } catch (error) {
      const late = error instanceof DOMException && error.name === "TimeoutError";
      const words = late ? "The site did not answer within a minute." : "The site can't be reached.";
      result.replaceChildren(requestView(request, secured), h("p", { class: "error panel", role: "alert" }, words));
    }
    run.disabled = false;
  };

  const form = h(
    "form",
    { class: "panel form", novalidate: true, submit: (event) => void submit(event) },
    parameters(operation, fields, known),
    editor === null ? null : h("label", { class: "body-label", for: "request-body" }, "Body", h("small", {}, bodyKind(operation))),
    editor,
    h("div", { class: "bar" }, run, h("small", { class: "hint" }, "Ctrl+Enter"), hint),
  );
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  return h("div", { class: "shown" }, heading(operation), form, result, answers(document, operation));
}

function heading(operation: Operation): HTMLElement {
  return h(
    "header",
    { class: "head" },
    h("a", { class: "back", href: "#" }, "All operations"),
    h("h1", {}, h("span", { class: `method method-${operation.method.toLowerCase()}` }, operation.method), h("code", {}, operation.path)),
    h("p", {}, ...marked(operation.summary)),
    h("p", { class: "hint" }, h("code", {}, operation.operationId), " ", copier("Copy path", () => operation.path)),
  );
}

/** Words between backticks as code. */
function marked(text: string): (Node | string)[] {
  return text.split("`").map((part, i) => (i % 2 === 1 ? h("code", {}, part) : part));
}

function bodyEditor(document: ApiDocument, operation: Operation): HTMLTextAreaElement | null {
  const first = firstBody(document, operation);
  if (first === null) return null;
  const area = h("textarea", { id: "request-body", spellcheck: "false", autocomplete: "off", rows: String(Math.min(24, Math.max(4, first.split("\n").length + 1))) });
  area.value = first;
  return area;
}

function bodyKind(operation: Operation): string {
  const type = Object.keys(operation.requestBody?.content ?? {}).at(0) ?? "";
  return ` ${type}${operation.requestBody?.required === true ? "" : ", may be empty"}`;
}

const FILLED_BY_SIGN_IN = ["Citrix-CustomerId", "Citrix-InstanceId"];

function parameters(operation: Operation, fields: Map<string, HTMLInputElement | HTMLSelectElement>, known: Known): HTMLElement {
  const shown = operation.parameters.filter((one) => !FILLED_BY_SIGN_IN.includes(one.name));
  const main = shown.filter((one) => one.in !== "header");
  const headers = shown.filter((one) => one.in === "header");
  const rows = main.map((one) => row(operation, one, fields, known));
  const less = headers.map((one) => row(operation, one, fields, known));
  return h(
    "div",
    { class: "parameters" },
    ...(rows.length + less.length > 0 ? rows : [h("p", { class: "hint" }, "No parameters.")]),
    less.length > 0 ? h("details", {}, h("summary", {}, "Headers"), ...less) : null,
  );
}

function row(operation: Operation, parameter: Parameter, fields: Map<string, HTMLInputElement | HTMLSelectElement>, known: Known): HTMLElement {
  const id = `field-${parameter.in}-${parameter.name}`;
  const field = parameter.schema.type === "boolean" ? choice(id, parameter.schema) : input(operation, parameter, id, known);
  fields.set(keyOf(parameter), field);
  return h(
    "div",
    { class: "row" },
    h("label", { for: id }, parameter.name, parameter.required ? h("b", { title: "needed" }, " *") : null, h("small", {}, ` ${parameter.in}`)),
    field,
    parameter.description === undefined ? null : h("small", { class: "hint" }, parameter.description),
  );
}

function choice(id: string, schema: Schema): HTMLSelectElement {
  const none = schema.default === undefined ? "" : ` (${String(schema.default)})`;
  return h("select", { id }, h("option", { value: "" }, `as usual${none}`), h("option", {}, "true"), h("option", {}, "false"));
}

function input(operation: Operation, parameter: Parameter, id: string, known: Known): HTMLInputElement {
  const number = parameter.schema.type === "integer" || parameter.schema.type === "number";
  const field = h("input", { id, autocomplete: "off", spellcheck: "false", ...(number ? { inputmode: "numeric" } : {}) });
  const list = parameter.in === "header" ? null : known.listFor(operation, parameter.name);
  if (list !== null) {
    field.setAttribute("list", list);
    field.value = known.lastFor(operation, parameter.name);
  }
  if (parameter.schema.default !== undefined && parameter.schema.default !== null) field.placeholder = String(parameter.schema.default);
  return field;
}

function answers(document: ApiDocument, operation: Operation): HTMLElement {
  const rows = Object.entries(operation.responses).map(([status, answer]) => {
    const [type, media] = Object.entries(answer.content ?? {}).at(0) ?? ["", {}];
    const model = media.schema === undefined ? type : typeText(document, media.schema, false);
    return h("tr", {}, h("td", {}, status), h("td", {}, answer.description), h("td", {}, h("code", {}, model)));
  });
  const good = Object.entries(operation.responses).find(([status]) => status < "300")?.[1];
  const media = Object.values(good?.content ?? {}).at(0);
  const example = media?.example === undefined ? null : JSON.stringify(media.example, null, 2);
  return h(
    "section",
    { class: "panel", "aria-label": "Answers" },
    h("h3", {}, "What it answers"),
    example === null ? null : h("details", {}, h("summary", {}, "Example"), h("pre", { tabindex: "0" }, example)),
    media?.schema === undefined ? null : models(document, media.schema, "Model"),
    operation.requestBody === undefined ? null : models(document, Object.values(operation.requestBody.content).at(0)?.schema ?? {}, "Model of the body"),
    h("div", { class: "scroll" }, h("table", {}, h("tbody", {}, ...rows))),
  );
}

function models(document: ApiDocument, schema: Schema, title: string): HTMLElement {
  const names = modelsIn(document, schema);
  const text = names.map((name) => {
    const model = document.components.schemas[name] ?? {};
    const about = model.description === undefined ? "" : `// ${model.description}\n`;
    return `${about}${name} ${typeText(document, model, true)}`;
  });
  const whole = text.length > 0 ? text.join("\n\n") : typeText(document, schema, true);
  return h("details", {}, h("summary", {}, title), h("pre", { tabindex: "0" }, whole));
}

