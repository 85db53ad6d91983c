/** Views that an account keeps for a list, among its preferences on the site. */

import { ActionIcon, Menu, Modal, TextInput, Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, BookmarkPlus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { site } from "../../api/site";
import { attempt } from "../parts/tell";
import { texts } from "../texts";
import type { View } from "./columns";
import { writeView } from "./view";

interface Saved {
  name: string;
  query: string;
}

/** What is kept, as far as it can be read: another release may have written it. */
export function readSaved(value: string | null): Saved[] {
  try {
    const found: unknown = JSON.parse(value ?? "[]");
    if (!Array.isArray(found)) return [];
    return found.filter((one): one is Saved => {
      if (typeof one !== "object" || one === null) return false;
      const { name, query } = one as Partial<Saved>;
      return typeof name === "string" && typeof query === "string";
    });
  } catch {
    return [];
  }
}

async function keptViews(name: string): Promise<Saved[]> {
  const { Items } = await site("GET /cvad/manage/me/Preferences", { query: { namePrefix: name } });
  return readSaved(Items.find((one) => one.Name === name)?.Value ?? null);
}

export function SavedViews({ name, view }: { name: string; view: View }): React.JSX.Element {
  const key = `console.views.${name}`;
  const client = useQueryClient();
  const [, go] = useLocation();
  const saved = useQuery({ queryKey: ["views", name], queryFn: () => keptViews(key), staleTime: Infinity });
  const [naming, setNaming] = useState(false);
  const [title, setTitle] = useState("");
  const views = saved.data ?? [];
  const keep = (next: Saved[]): Promise<boolean> =>
    attempt(texts.table.views, async () => {
      await site("PUT /cvad/manage/me/Preferences", { body: { Name: key, Value: JSON.stringify(next) } });
      client.setQueryData(["views", name], next);
    });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={texts.table.views} title={texts.table.views}>
            <Bookmark size={15} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 ? <Menu.Label>{texts.table.noViews}</Menu.Label> : null}
          {views.map((one) => (
            <Menu.Item key={one.name} onClick={() => go(`?${one.query}`)}>{one.name}</Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<BookmarkPlus size={14} aria-hidden />} onClick={() => { setTitle(""); setNaming(true); }}>
            {texts.table.saveView}
          </Menu.Item>
          {views.map((one) => (
            <Menu.Item key={one.name} color="red" leftSection={<Trash2 size={14} aria-hidden />}
              onClick={() => void keep(views.filter((other) => other.name !== one.name))}>
              {texts.table.dropView(one.name)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={naming} onClose={() => setNaming(false)} title={texts.table.saveView} closeButtonProps={{ "aria-label": texts.close }}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            const query = writeView({ ...view, open: null }).toString();
            const others = views.filter((one) => one.name !== title.trim());
            void keep([...others, { name: title.trim(), query }]).then((done) => done && setNaming(false));
          }}
        >
          <TextInput label={texts.table.viewName} value={title} required maxLength={60} data-autofocus
            onChange={(event) => setTitle(event.currentTarget.value)} />
          <div className="row"><span className="grow" /><Button type="submit">{texts.table.save}</Button></div>
        </form>
      </Modal>
    </>
  );
}
