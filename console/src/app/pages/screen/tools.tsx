/** What can be done in and with the session: a bar that is out of the way until it is wanted. */

import { Button, Menu } from "@mantine/core";
import { Clipboard as ClipboardIcon, Files, Flag, Keyboard, LayoutGrid, Maximize, Power, SlidersHorizontal, Unplug } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { texts } from "../../texts";
import { type Chord, CHORDS } from "./chords";
import { type Look, QUALITIES, SIZES } from "./look";

const t = texts.work;

export type PanelName = "clipboard" | "files" | "report";

interface ToolsProps {
  /** Which panels there are under the rules of this viewer. */
  offers: Record<PanelName, boolean>;
  panel: PanelName | null;
  open: (panel: PanelName | null) => void;
  /** Keys can be sent. */
  types: boolean;
  over: boolean;
  look: Look;
  press: (chord: Chord) => void;
  show: (look: Look) => void;
  fullScreen: () => void;
  disconnect: () => void;
  logOff: (() => void) | null;
}

export function Tools(props: ToolsProps): React.JSX.Element {
  const { offers, over } = props;
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => bar.current?.querySelector<HTMLElement>("button:not(:disabled), a")?.focus(), []);
  const step = (event: React.KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const items = Array.from(bar.current?.querySelectorAll<HTMLElement>("button:not(:disabled), a") ?? []);
    const at = items.indexOf(event.target as HTMLElement);
    if (by !== undefined && at >= 0) items[(at + by + items.length) % items.length]?.focus();
  };
  return (
    <div id="tools" ref={bar} className="tools" role="toolbar" aria-label={t.tools} onKeyDown={step}>
      <Button component={Link} href="/portal" variant="subtle" leftSection={<LayoutGrid size={15} aria-hidden />}>{texts.pages.portal}</Button>
      <PanelButton {...props} name="clipboard" icon={<ClipboardIcon size={15} aria-hidden />} />
      <PanelButton {...props} name="files" icon={<Files size={15} aria-hidden />} />
      <KeysMenu {...props} />
      <LookMenu {...props} />
      <Button variant="subtle" disabled={over} leftSection={<Maximize size={15} aria-hidden />} onClick={props.fullScreen}>{t.fullScreen}</Button>
      {offers.report ? <PanelButton {...props} name="report" icon={<Flag size={15} aria-hidden />} /> : null}
      <span className="grow" />
      <Button variant="subtle" disabled={over} leftSection={<Unplug size={15} aria-hidden />} onClick={props.disconnect}>{t.disconnect}</Button>
      {props.logOff === null ? null : (
        <Button variant="subtle" color="red" disabled={over} leftSection={<Power size={15} aria-hidden />} onClick={props.logOff}>{t.logOff}</Button>
      )}
    </div>
  );
}

interface PanelButtonProps extends ToolsProps {
  name: PanelName;
  icon: React.ReactNode;
}

function PanelButton({ name, icon, offers, panel, open, over }: PanelButtonProps): React.JSX.Element | null {
  if (!offers[name]) return null;
  return (
    <Button variant={panel === name ? "light" : "subtle"} disabled={over} leftSection={icon} aria-expanded={panel === name}
      onClick={() => open(panel === name ? null : name)}>{t[name].title}</Button>
  );
}

function KeysMenu({ types, over, press }: ToolsProps): React.JSX.Element {
  return (
    <Menu position="bottom-start" returnFocus={false}>
      <Menu.Target>
        <Button variant="subtle" disabled={!types || over} leftSection={<Keyboard size={15} aria-hidden />}>{t.keys}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {CHORDS.map((chord) => <Menu.Item key={chord.name} onClick={() => press(chord)}>{chord.name}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}

function LookMenu({ look, show, over, types }: ToolsProps): React.JSX.Element {
  const item = <Key extends keyof Look>(key: Key, value: Look[Key], label: string): React.JSX.Element => (
    <Menu.Item key={value} aria-current={look[key] === value ? "true" : undefined} onClick={() => show({ ...look, [key]: value })}>
      {label}{look[key] === value ? " ✓" : ""}
    </Menu.Item>
  );
  // Who only watches sees the size that others have chosen.
  const sizes = types ? SIZES : SIZES.filter((one) => one !== "window");
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="subtle" disabled={over} leftSection={<SlidersHorizontal size={15} aria-hidden />}>{t.look.title}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t.look.size}</Menu.Label>
        {sizes.map((size) => item("size", size, t.look.sizes[size]))}
        <Menu.Divider />
        <Menu.Label>{t.look.quality}</Menu.Label>
        {QUALITIES.map((quality) => item("quality", quality, t.look.qualities[quality]))}
      </Menu.Dropdown>
    </Menu>
  );
}
