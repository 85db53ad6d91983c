/** A launch under way: how far it is, or why it was refused. */

import { Button, Modal } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { ApiError } from "../../../api/http";
import { site } from "../../../api/site";
import type { LaunchedView, ResourceView } from "../../../api/wire.gen";
import { keepNotes } from "../../../parts/notes";
import { useMe } from "../../me";
import { texts } from "../../texts";
import { keepUse } from "./recent";
import { StepList } from "./step_list";

const t = texts.portal.launch;
/** So long somebody waits for a machine to be free, if the site lets one. */
const WAIT_S = 20;
/** The site answers long before: a machine within the wait, then at most 15 s and a turn among others. */
const WITHIN_MS = 120_000;
const LOOK_EACH_MS = 700;
/** A launch that is quicker needs no words. */
const SHOWN_AFTER_MS = 250;
/** The new session is among the newest, also for who sees others'. */
const LOOKED_AT = 20;

interface LaunchingProps {
  resource: ResourceView;
  close: () => void;
}

export function Launching({ resource, close }: LaunchingProps): React.JSX.Element {
  const { accountId } = useMe();
  const [, go] = useLocation();
  const [begunAtMs] = useState(() => Date.now());
  const [given] = useState(() => new AbortController());
  const launch = useMutation({
    mutationFn: () => launchOf(resource, given.signal),
    onSuccess: (launched) => {
      keepUse(accountId, resource.id, Date.now());
      keepNotes(launched.sessionId, launched.notes ?? []);
      go(`/s/${launched.sessionId}`);
    },
  });
  const { mutate } = launch;
  useEffect(() => mutate(), [mutate]);
  const shown = useAfter(SHOWN_AFTER_MS);
  const phases = usePhases(resource, begunAtMs, launch.isPending);
  const leave = (): void => {
    given.abort();
    close();
  };
  const refused = launch.error;
  return (
    <Modal opened={shown || refused !== null} onClose={leave} centered
      title={refused === null ? t.starting(resource.name) : t.refused(resource.name)} closeButtonProps={{ "aria-label": texts.close }}>
      {refused === null ? (
        <div className="stack">
          <StepList through={phases} />
          <div className="row"><span className="grow" /><Button variant="default" onClick={leave}>{texts.ask.cancel}</Button></div>
        </div>
      ) : <Refused error={refused} again={() => mutate()} close={leave} />}
    </Modal>
  );
}

function launchOf(resource: ResourceView, signal: AbortSignal): Promise<LaunchedView> {
  const body = { resource: resource.id, waitSeconds: WAIT_S };
  return site("POST /footlight/v1/launches", { body, timeoutMs: WITHIN_MS, signal });
}

function Refused({ error, again, close }: { error: Error; again: () => void; close: () => void }): React.JSX.Element {
  const id = error instanceof ApiError ? error.transactionId : null;
  return (
    <div className="stack" role="alert">
      <p>{error.message}</p>
      <p className="soft">{t.help}</p>
      {id === null ? null : <p className="soft mono">{texts.failure.transaction(id)}</p>}
      <div className="row">
        <span className="grow" />
        <Button variant="default" onClick={close}>{texts.close}</Button>
        <Button onClick={again} data-autofocus>{texts.failure.again}</Button>
      </div>
    </div>
  );
}

/** The phases that are through of the session that this launch makes; none before there is one. */
function usePhases(resource: ResourceView, begunAtMs: number, pending: boolean): { name: string; ms: number }[] {
  const { userName } = useMe();
  const newest = useQuery({
    queryKey: ["launching", resource.id, begunAtMs],
    queryFn: () => site("GET /footlight/v1/sessions", { query: { limit: LOOKED_AT } }),
    enabled: pending,
    refetchInterval: LOOK_EACH_MS,
  });
  // Those that were there when the dialog opened are not it.
  const [before, setBefore] = useState<ReadonlySet<string> | null>(null);
  const items = newest.data?.items;
  if (before === null && items !== undefined) {
    setBefore(new Set(items.filter((one) => one.launchPhases.some((phase) => phase.name === "x_server")).map((one) => one.id)));
  }
  const mine = items?.find((one) => one.userName === userName && one.resourceName === resource.name && before?.has(one.id) === false);
  return mine?.launchPhases ?? [];
}

function useAfter(ms: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return passed;
}
