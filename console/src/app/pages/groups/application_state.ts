/** What an application's sign says, and what it runs. */

import type { ApplicationSelection } from "../../../api/wire.gen";
import { placeOf } from "./folder_state";

export const folderOf = (row: ApplicationSelection): string => placeOf(row.ApplicationFolder?.Name);

export const stateOf = (row: ApplicationSelection): string => (row.Enabled === false ? "disabled" : "enabled");

export function commandOf(row: ApplicationSelection): string {
  const { CommandLineExecutable: program, CommandLineArguments: rest } = row.InstalledAppProperties ?? {};
  return [program, rest].filter(Boolean).join(" ");
}
