/** Who is signed in, the colours, and the way out. */

import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react";
import { site } from "../../api/site";
import { useMe } from "../me";
import { bare } from "../parts/name";
import { attempt } from "../parts/tell";
import { ME } from "../queries";
import { texts } from "../texts";

const SCHEMES = [
  { value: "auto", icon: Monitor, label: texts.theme.auto },
  { value: "light", icon: Sun, label: texts.theme.light },
  { value: "dark", icon: Moon, label: texts.theme.dark },
] as const;

export function WhoMenu(): React.JSX.Element {
  const me = useMe();
  const client = useQueryClient();
  // Without this Mantine would make a style element to hold transitions back.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const name = me.displayName === "" ? bare(me.userName) : me.displayName;
  const leave = (): Promise<boolean> =>
    attempt(texts.signOut, async () => {
      const out = await site("POST /footlight/v1/sign-out");
      if (out === null) {
        client.setQueryData(ME, null);
        // What the one before has read is nothing for the next.
        client.removeQueries({ predicate: (query) => query.queryKey[0] !== ME[0] });
      } else location.assign(out.endSessionUrl);
    });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label={texts.who(name)} title={me.userName}>
          <UserRound size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{name}</Menu.Label>
        {SCHEMES.map(({ value, icon: Icon, label }) => (
          <Menu.Item key={value} leftSection={<Icon size={14} aria-hidden />} aria-current={colorScheme === value ? "true" : undefined}
            onClick={() => setColorScheme(value)}>
            {label}{colorScheme === value ? " ✓" : ""}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={14} aria-hidden />} onClick={() => void leave()}>{texts.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
