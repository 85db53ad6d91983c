/** A row, drawn again only when it changes. One that goes out of sight is used again for one that comes into it: its
 * texts change, which costs a third of what making its elements anew does. */

import { memo, useLayoutEffect, useRef } from "react";
import { cut } from "../parts/name";
import { texts } from "../texts";
import type { Column } from "./columns";
import { ROW_PX } from "./window";

/** Of most letters; a text that could be wider than its column is clipped, and only that: clips cost much in scrolling. */
const LETTER_PX = 7.5;
const PADDING_PX = 16;

/** What is done from a row; the same object for as long as the table is there. */
export interface RowActs {
  open: (id: string) => void;
  pick: (index: number, many: boolean) => void;
  key: (event: React.KeyboardEvent, index: number) => void;
}

interface TableRowProps<Row> {
  index: number;
  columns: readonly Column<Row>[];
  row: Row | undefined;
  id: string | null;
  /** For times that say how long ago; ms. */
  now: number;
  open: boolean;
  picked: boolean;
  pickable: boolean;
  gone: boolean;
  changes: number;
  acts: RowActs;
}

function DrawnRow<Row>(props: TableRowProps<Row>): React.JSX.Element {
  const { row, id, columns, acts, index } = props;
  const element = useRef<HTMLDivElement>(null);
  useFlash(element, id, props.changes);
  const style = { top: index * ROW_PX };
  if (row === undefined || id === null) {
    return (
      <div role="row" className="table-row waiting" style={style} aria-rowindex={props.index + 2} data-index={props.index}>
        {props.pickable ? <span role="cell" /> : null}
        {columns.map((column) => (
          <span role="cell" key={column.id} className="table-cell"><span className="bone" /></span>
        ))}
      </div>
    );
  }
  const names = ["table-row", props.open ? "open" : "", props.picked ? "picked" : "", props.gone ? "gone" : ""];
  return (
    <div
      role="row"
      tabIndex={0}
      ref={element}
      className={names.filter((name) => name !== "").join(" ")}
      style={style}
      aria-rowindex={props.index + 2}
      data-index={props.index}
      data-row={id}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest("a, button, input, label") === null) acts.open(id);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && event.target === event.currentTarget) acts.open(id);
        else acts.key(event, index);
      }}
    >
      {props.pickable ? (
        <span role="cell" className="table-pick">
          <input
            type="checkbox"
            checked={props.picked}
            aria-label={texts.table.selectRow(props.index + 1)}
            tabIndex={-1}
            onChange={(event) => acts.pick(index, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)}
          />
        </span>
      ) : null}
      {columns.map((column) => cellOf(column, row, props.now))}
    </div>
  );
}

/** Not a component: nine more in each row are felt. */
function cellOf<Row>(column: Column<Row>, row: Row, now: number): React.JSX.Element {
  const aligned = column.align === "right" ? "table-cell right num" : "table-cell";
  if (column.text === undefined) {
    return <span role="cell" key={column.id} className={column.fits === true ? aligned : `${aligned} clipped`}>{column.cell(row, now)}</span>;
  }
  const text = column.text(row) ?? "";
  if (text === "") return <span role="cell" key={column.id} className={`${aligned} soft`}>–</span>;
  const short = cut(text);
  const clipped = short.length * LETTER_PX > column.width - PADDING_PX;
  return (
    <span role="cell" key={column.id} className={clipped ? `${aligned} clipped` : aligned} title={short === text ? undefined : text}>{short}</span>
  );
}

export const TableRow = memo(DrawnRow) as typeof DrawnRow;

/** A short highlight each time that the number grows for the same row; who had the focus before does not have it. */
function useFlash(element: React.RefObject<HTMLDivElement | null>, id: string | null, changes: number): void {
  const shown = useRef({ id, changes });
  // Before the next frame, in which the keyboard's next row gets the focus.
  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = { id, changes };
    const node = element.current;
    if (node === null) return;
    if (before.id !== id) {
      if (node.contains(document.activeElement) && document.activeElement instanceof HTMLElement) document.activeElement.blur();
      return;
    }
    if (changes <= before.changes || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const animation = node.animate([{ backgroundColor: "var(--fl-flash)" }, {}], { duration: 1200, easing: "ease-out" });
    return () => animation.cancel();
  }, [element, id, changes]);
}
