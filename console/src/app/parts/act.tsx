/** A button that does something to one object; a dangerous one looks so. */

import { Button } from "@mantine/core";
import type { LucideIcon } from "lucide-react";

interface ActProps {
  icon: LucideIcon;
  children: string;
  run: () => void;
  danger?: boolean;
  /** Without it the button is not there. */
  allowed?: boolean;
}

export function Act({ icon: Icon, children, run, danger = false, allowed = true }: ActProps): React.JSX.Element | null {
  if (!allowed) return null;
  const look = danger ? { variant: "light", color: "red" } : { variant: "default" };
  return <Button {...look} leftSection={<Icon size={14} aria-hidden />} onClick={run}>{children}</Button>;
}
