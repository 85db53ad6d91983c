/** Whether the recording is as it was made: one word, and the details behind it. */

import { Button, Popover, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { site } from "../../../api/site";
import type { Verdict } from "../../../api/wire.gen";
import { bytesText } from "../../../parts/words";
import { errorText } from "../../parts/failure";
import { Facts } from "../../parts/facts";
import { CopyButton, cut } from "../../parts/name";
import { Sign } from "../../parts/sign";
import { texts } from "../../texts";
import "../../parts/panel.css";

const t = texts.player.badge;
/** Every byte of the recording is read for it. */
const WITHIN_MS = 300_000;

export function Badge({ id, ended }: { id: string; ended: boolean }): React.JSX.Element {
  const verdict = useQuery({
    queryKey: ["recording", id, "verification", ended],
    queryFn: () => site("GET /footlight/v1/recordings/{id}/verification", { path: { id }, timeoutMs: WITHIN_MS }),
    staleTime: Infinity,
    retry: false,
  });
  if (verdict.isPending) return <span className="soft" role="status">{t.reading}</span>;
  const again = (
    <Button variant="default" size="compact-xs" loading={verdict.isFetching} onClick={() => void verdict.refetch()}>{t.again}</Button>
  );
  return (
    <Popover position="bottom-end" width={420} trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className="player-badge" data-verdict={verdict.data?.status}>
          {verdict.data === undefined ? <span className="tone-bad">{t.failed}</span> : <Sign state={verdict.data.status} />}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="stack">
          {verdict.data === undefined ? <p>{errorText(verdict.error)}</p> : <Details verdict={verdict.data} />}
          <div>{again}</div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Details({ verdict }: { verdict: Verdict }): React.JSX.Element {
  const key = (value: string | null): React.ReactNode =>
    value === null ? null : <span className="row"><span className="mono" title={value}>{cut(value)}</span><CopyButton text={value} label={texts.copyId} /></span>;
  return (
    <>
      <p>{t.meaning[verdict.status]}</p>
      {verdict.findings.length === 0 ? null : (
        <ul className="plain-list">
          {verdict.findings.map(({ segment, reason }, place) => (
            <li key={place}>{segment === null || segment === undefined ? "" : t.where(segment)}{reason}</li>
          ))}
        </ul>
      )}
      <Facts facts={[
        [t.checked, verdict.segments.toLocaleString()],
        [t.size, bytesText(verdict.sizeBytes)],
        [t.head, key(verdict.head)],
        [t.signer, key(verdict.signer)],
        [t.siteKey, key(verdict.siteKey)],
      ]} />
    </>
  );
}
