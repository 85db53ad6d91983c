/** The first page: name and password, the provider's button, or a visit without an account. */

import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../api/http";
import { site } from "../../api/site";
import { errorText } from "../parts/failure";
import { ME } from "../queries";
import { texts } from "../texts";
import { Brand } from "./brand";
import { keepLink } from "./link_kept";
import { isOwnPage } from "./own_page";
import "./sign_in.css";

export function SignIn(): React.JSX.Element {
  const client = useQueryClient();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const ways = useQuery({ queryKey: ["ways"], queryFn: () => site("GET /footlight/v1/sign-in") });
  const visits = useQuery({ queryKey: ["visits"], queryFn: () => site("GET /footlight/v1/visits") });
  const entered = { onSuccess: (me: unknown) => client.setQueryData(ME, me) };
  const enter = useMutation({
    mutationFn: () => site("POST /footlight/v1/sign-in", { body: { user, password } }),
    ...entered,
  });
  const visit = useMutation({ mutationFn: () => site("POST /footlight/v1/visits", { body: {} }), ...entered });
  const oidc = ways.data?.oidc ?? null;
  const error = enter.error ?? visit.error;
  return (
    <main className="sign-in">
      <form
        className="sign-in-card stack"
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate();
        }}
      >
        <Brand />
        <h1>{texts.signIn.title}</h1>
        <TextInput label={texts.signIn.user} name="user" autoComplete="username" required autoFocus
          value={user} onChange={(event) => setUser(event.currentTarget.value)} />
        <TextInput type="password" label={texts.signIn.password} name="password" autoComplete="current-password" required
          value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
        {error === null ? null : <p className="sign-in-error" role="alert">{problem(error)}</p>}
        <Button type="submit" size="sm" loading={enter.isPending}>{texts.signIn.enter}</Button>
        {oidc === null ? null : (
          <Button size="sm" variant="default" onClick={() => toProvider(oidc.path)}>{oidc.label}</Button>
        )}
        {visits.data?.offered === true ? (
          <Button size="sm" variant="subtle" loading={visit.isPending} onClick={() => visit.mutate()}>
            {texts.signIn.visit}
          </Button>
        ) : null}
      </form>
    </main>
  );
}

/** A wrong password is nobody's fault to look up: no transaction id. */
function problem(error: Error): string {
  return error instanceof ApiError && error.status === 401 ? error.message : errorText(error);
}

function toProvider(path: string): void {
  keepLink();
  location.assign(providerAddress(path));
}

function providerAddress(path: string): string {
  const here = location.pathname + location.search;
  const wanted = new URLSearchParams(location.search).get("to") ?? (isOwnPage(here) ? here : null);
  return wanted === null ? path : `${path}?to=${encodeURIComponent(wanted)}`;
}
