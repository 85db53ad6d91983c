/** Which columns a list shows. */

import { ActionIcon, Button, Popover } from "@mantine/core";
import { Columns3 } from "lucide-react";
import { texts } from "../texts";
import type { Column, View } from "./columns";

interface ColumnMenuProps<Row> {
  columns: readonly Column<Row>[];
  view: View;
  change: (change: Partial<View>) => void;
}

export function ColumnMenu<Row>({ columns, view, change }: ColumnMenuProps<Row>): React.JSX.Element {
  const usual = columns.filter((column) => column.extra !== true).map((column) => column.id);
  const shown = view.columns ?? usual;
  const toggle = (id: string): void => {
    // In the order of the list, whatever was chosen first.
    const next = columns.map((column) => column.id).filter((one) => (one === id ? !shown.includes(id) : shown.includes(one)));
    if (next.length > 0) change({ columns: next });
  };
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <ActionIcon variant="default" size={30} aria-label={texts.table.columns} title={texts.table.columns}>
          <Columns3 size={15} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={6}>
        <div className="column-menu">
          {columns.map((column) => (
            <label className="column-choice" key={column.id}>
              <input type="checkbox" checked={shown.includes(column.id)} onChange={() => toggle(column.id)} />
              {column.title}
            </label>
          ))}
          <Button variant="subtle" size="compact-xs" onClick={() => change({ columns: null })}>{texts.table.usualColumns}</Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
