/** Whether a session is recorded, or what keeps it from being so. */

import type { SessionRow } from "../../../api/wire.gen";
import { Sign } from "../../parts/sign";

type Health = NonNullable<SessionRow["recordingHealth"]>;

/** Of a session that should be recorded. */
export const PROBLEMS: readonly Health[] = ["delayed", "failed", "refused"];

export const isProblem = (health: Health | null): boolean => PROBLEMS.some((one) => one === health);

interface RecordingSignProps {
  recording: boolean;
  health: Health | null;
  problem: string | null;
}

/** Nothing for a session that is not recorded and need not be. */
export function RecordingSign({ recording, health, problem }: RecordingSignProps): React.JSX.Element | null {
  if (health !== null && isProblem(health)) return <span title={problem ?? undefined}><Sign state={health} /></span>;
  if (recording) return <Sign state="recording" />;
  return health === "starting" ? <Sign state="starting" /> : null;
}
