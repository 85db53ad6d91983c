/** Who the explorer's requests come from: a token, and the customer and site that belong to it. */

import { byId, h } from "../parts/dom";
import { copier } from "./clipboard";

export interface Access {
  token: string;
  name: string;
  customer: string;
  site: string;
}

interface Me {
  DisplayName: string | null;
  UserId: string;
  Customers: { Id: string; Sites: { Id: string; Name: string }[] }[];
}

const TIMEOUT_MS = 30_000;
const CLOUD = "/cctrustoauth2/root/tokens/clients";

/** The sign-in line at the top: a form, or who is signed in. The token stays in this page's memory. */
export class AccessLine {
  private current: Access | null = null;

  constructor() {
    this.draw();
  }

  /** Null before sign-in. */
  get access(): Access | null {
    return this.current;
  }

  private set(access: Access | null): void {
    this.current = access;
    this.draw();
    // What had the focus is gone.
    byId("access", HTMLElement).querySelector<HTMLElement>(access === null ? "#user" : ".who")?.focus();
  }

  private draw(): void {
    const line = byId("access", HTMLElement);
    line.replaceChildren(this.current === null ? this.form() : this.signedIn(this.current));
  }

  private form(): HTMLElement {
    const user = h("input", { id: "user", name: "user", autocomplete: "username", required: true });
    const secret = h("input", { id: "secret", name: "secret", type: "password", autocomplete: "current-password", required: true });
    const userLabel = h("label", { for: "user" }, "Name");
    const secretLabel = h("label", { for: "secret" }, "Password");
    const kind = h(
      "select",
      {
        id: "kind",
        "aria-label": "Sign in with",
        change: () => {
          userLabel.textContent = kind.value === "user" ? "Name" : "Client id";
          secretLabel.textContent = kind.value === "user" ? "Password" : "Secret";
        },
      },
      h("option", { value: "user" }, "Name and password"),
      h("option", { value: "client" }, "Client id and secret"),
    );
    const problem = h("p", { class: "error", role: "alert", hidden: true });
    const button = h("button", { type: "submit", class: "primary" }, "Sign in");
    const submit = async (event: Event): Promise<void> => {
      event.preventDefault();
      button.disabled = true;
      problem.hidden = true;
      try {
        this.set(await signIn(kind.value === "client", user.value, secret.value));
      } catch (error) {
        problem.textContent = error instanceof Error ? error.message : String(error);
        problem.hidden = false;
        button.disabled = false;
        secret.select();
      }
    };
    return h("form", { class: "sign-in", submit: (event) => void submit(event) }, kind, userLabel, user, secretLabel, secret, button, problem);
  }

  private signedIn(access: Access): HTMLElement {
    const field = (label: string, value: string, take: (text: string) => void): HTMLElement =>
      h(
        "label",
        { class: "fact" },
        label,
        h("input", { value, spellcheck: "false", autocomplete: "off", input: (event) => take((event.target as HTMLInputElement).value) }),
      );
    return h(
      "div",
      { class: "signed-in" },
      h("span", { class: "who", tabindex: "-1" }, access.name),
      field("Customer", access.customer, (text) => (access.customer = text)),
      field("Site", access.site, (text) => (access.site = text)),
      copier("Copy token", () => access.token),
      h("button", { class: "plain", click: () => void this.leave(access) }, "Sign out"),
    );
  }

  private async leave(access: Access): Promise<void> {
    this.set(null);
    await fetch("/cvad/manage/tokens", {
      method: "DELETE",
      credentials: "omit",
      headers: { Authorization: `CWSAuth bearer=${access.token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => undefined); // the token ends by itself within the hour
  }
}

async function signIn(asClient: boolean, user: string, secret: string): Promise<Access> {
  const token = asClient ? await clientToken(user, secret) : await userToken(user, secret);
  const me = await asked<Me>("/cvad/manage/me", { headers: { Accept: "application/json", Authorization: `CWSAuth bearer=${token}` } });
  const customer = me.Customers.at(0);
  return {
    token,
    name: me.DisplayName ?? me.UserId,
    customer: customer?.Id ?? "",
    site: customer?.Sites.at(0)?.Id ?? "",
  };
}

async function userToken(user: string, password: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  const basic = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const answer = await asked<{ Token: string }>("/cvad/manage/tokens", {
    method: "POST",
    headers: { Accept: "application/json", Authorization: `Basic ${basic}` },
  });
  return answer.Token;
}

async function clientToken(id: string, secret: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret });
  const answer = await asked<{ access_token: string }>(CLOUD, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
  return answer.access_token;
}

async function asked<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, { ...init, credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
  const body = (await response.json()) as Record<string, unknown>;
  if (response.ok) return body as T;
  const said = body["detail"] ?? body["error_description"];
  throw new Error(typeof said === "string" ? said : `The site answered ${response.status}.`);
}
