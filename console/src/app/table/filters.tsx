/** Filters of a list: one chip each, and the menu that adds one. */

import { Button, Popover, TextInput, UnstyledButton } from "@mantine/core";
import { ListFilter, X } from "lucide-react";
import { useState } from "react";
import { texts } from "../texts";
import type { Column, Filter, FilterChoice, FilterKind, View } from "./columns";
import "./filters.css";

/** How long ago, in the words of the site's searches. */
const WITHIN = ["LastHour", "Last12Hours", "Last24Hours", "Last7Days", "Last28Days"] as const;

interface FiltersProps<Row> {
  columns: readonly Column<Row>[];
  view: View;
  change: (change: Partial<View>) => void;
}

/** A filter as a sentence: "State is Active". */
export function sentence<Row>(filter: Filter, columns: readonly Column<Row>[]): string {
  const column = columns.find((one) => one.filter !== undefined && propertiesOf(one.filter).includes(filter.property));
  const title = column?.title ?? filter.property;
  if (column?.filter?.by === "time") {
    const spoken = WITHIN.find((name) => name === filter.value);
    return texts.table.isWithin(title, spoken === undefined ? filter.value : texts.table.within[spoken]);
  }
  const choice = column?.filter?.by === "choice" ? column.filter.choices.find((one) => sameFilter(filterOf(column.filter?.property ?? "", one), filter)) : undefined;
  return filter.operator === "Contains" ? texts.table.contains(title, filter.value) : texts.table.is(title, choice?.label ?? filter.value);
}

function propertiesOf(kind: FilterKind): string[] {
  return kind.by === "choice" ? [kind.property, ...kind.choices.flatMap((one) => one.property ?? [])] : [kind.property];
}

function filterOf(property: string, { property: own = property, operator = "Equals", value }: FilterChoice): Filter {
  return { property: own, operator, value };
}

const sameFilter = (one: Filter, other: Filter): boolean => one.property === other.property && one.operator === other.operator && one.value === other.value;

export function FilterChips<Row>({ columns, view, change }: FiltersProps<Row>): React.JSX.Element {
  return (
    <>
      {view.filters.map((filter, place) => {
        const words = sentence(filter, columns);
        return (
          <span className="chip" key={`${filter.property}${filter.operator}${filter.value}`}>
            {words}
            <button
              type="button"
              aria-label={texts.table.dropFilter(words)}
              onClick={() => change({ filters: view.filters.filter((_, at) => at !== place) })}
            >
              <X size={13} aria-hidden />
            </button>
          </span>
        );
      })}
    </>
  );
}

export function FilterMenu<Row>({ columns, view, change }: FiltersProps<Row>): React.JSX.Element | null {
  const [open, setOpen] = useState(false);
  const [of, setOf] = useState<Column<Row> | null>(null);
  const able = columns.filter((column) => column.filter !== undefined);
  if (able.length === 0) return null;
  const add = (filter: Filter): void => {
    // One value at a time of what has one; text may be narrowed twice.
    const others = view.filters.filter((one) => one.property !== filter.property || filter.operator === "Contains");
    change({ filters: [...others, filter] });
    setOpen(false);
    setOf(null);
  };
  return (
    <Popover opened={open} onChange={(now) => { setOpen(now); setOf(null); }} position="bottom-start" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<ListFilter size={14} aria-hidden />} onClick={() => setOpen(!open)}>
          {texts.table.filter}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6}>
        {of?.filter === undefined ? (
          <Options options={able.map((column) => ({ value: column.id, label: column.title }))}
            onPick={(id) => setOf(able.find((column) => column.id === id) ?? null)} />
        ) : (
          <Value title={of.title} kind={of.filter} add={add} />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

interface OptionsProps {
  options: readonly { value: string; label: string }[];
  onPick: (value: string) => void;
}

function Options({ options, onPick }: OptionsProps): React.JSX.Element {
  return (
    <div className="options">
      {options.map((one) => (
        <UnstyledButton className="option" key={one.value} onClick={() => onPick(one.value)}>{one.label}</UnstyledButton>
      ))}
    </div>
  );
}

interface ValueProps {
  title: string;
  kind: FilterKind;
  add: (filter: Filter) => void;
}

function Value({ title, kind, add }: ValueProps): React.JSX.Element {
  const [text, setText] = useState("");
  const { property } = kind;
  if (kind.by === "choice") {
    const pick = (value: string): void => {
      const choice = kind.choices.find((one) => one.value === value);
      if (choice !== undefined) add(filterOf(property, choice));
    };
    return <Options options={kind.choices} onPick={pick} />;
  }
  if (kind.by === "time") {
    const options = WITHIN.map((value) => ({ value, label: texts.table.within[value] }));
    return <Options options={options} onPick={(value) => add({ property, operator: "IsWithin", value })} />;
  }
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") add({ property, operator: "Contains", value: text.trim() });
      }}
    >
      <TextInput size="xs" aria-label={texts.table.containsLabel(title)} placeholder={texts.table.containsLabel(title)}
        value={text} onChange={(event) => setText(event.currentTarget.value)} autoFocus />
      <Button type="submit">{texts.table.add}</Button>
    </form>
  );
}
