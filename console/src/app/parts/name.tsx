/** Names and ids: long ones cut in the middle, ids with a button that copies. */

import { ActionIcon } from "@mantine/core";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { texts } from "../texts";

const LONGEST = 34;
const COPIED_MS = 1500;

/** The two ends of a long name, which tell it from others. */
export function cut(name: string, longest = LONGEST): string {
  if (name.length <= longest) return name;
  const end = Math.floor((longest - 1) / 2);
  return `${name.slice(0, longest - 1 - end)}…${name.slice(name.length - end)}`;
}

export function Name({ children, longest }: { children: string | null | undefined; longest?: number }): React.JSX.Element {
  if (children === null || children === undefined || children === "") return <span className="soft">–</span>;
  const short = cut(children, longest);
  return <span {...(short === children ? {} : { title: children })}>{short}</span>;
}

/** What stands after the domain: the table says once whose domain it is. */
export const bare = (name: string): string => name.slice(name.lastIndexOf("\\") + 1);

export function CopyButton({ text, label }: { text: string; label: string }): React.JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <ActionIcon size="sm" variant="subtle" color="gray" onClick={() => void copy()} aria-label={copied ? texts.copied : label}>
      {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
    </ActionIcon>
  );
}

export function Id({ children }: { children: string }): React.JSX.Element {
  return (
    <span className="row">
      <span className="mono">{children}</span>
      <CopyButton text={children} label={texts.copyId} />
    </span>
  );
}
