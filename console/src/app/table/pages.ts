/** The part of a long list that is here. */

import { PAGE } from "./newest";

/** The pages that are here, by number, and their rows by id. */
export class Pages<Row> {
  private readonly pages = new Map<number, Row[] | null>();
  private readonly places = new Map<string, [page: number, place: number]>();
  private readonly goneIds = new Set<string>();
  private readonly counts = new Map<string, number>();

  has(page: number): boolean {
    return this.pages.has(page);
  }

  begin(page: number): void {
    this.pages.set(page, null);
  }

  drop(page: number): void {
    for (const [id, [of]] of this.places) if (of === page) this.places.delete(id);
    this.pages.delete(page);
  }

  put(page: number, rows: Row[], idOf: (row: Row) => string): void {
    this.pages.set(page, rows);
    rows.forEach((row, place) => this.places.set(idOf(row), [page, place]));
  }

  at(index: number): Row | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  of(id: string): Row | undefined {
    const place = this.places.get(id);
    return place === undefined ? undefined : this.pages.get(place[0])?.[place[1]];
  }

  idsBetween(first: number, last: number, idOf: (row: Row) => string): string[] {
    const ids: string[] = [];
    for (let index = first; index <= last; index++) {
      const row = this.at(index);
      if (row !== undefined) ids.push(idOf(row));
    }
    return ids;
  }

  /** What was read again of `asked`; those that were not found are over. */
  patch(rows: readonly Row[], asked: readonly string[], idOf: (row: Row) => string): void {
    const found = new Map(rows.map((row) => [idOf(row), row]));
    for (const id of asked) {
      const place = this.places.get(id);
      const row = found.get(id);
      if (place === undefined) continue;
      if (row === undefined) {
        this.goneIds.add(id);
        continue;
      }
      const page = this.pages.get(place[0]);
      if (page === undefined || page === null || JSON.stringify(page[place[1]]) === JSON.stringify(row)) continue;
      page[place[1]] = row;
      this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
    }
  }

  isGone(id: string): boolean {
    return this.goneIds.has(id);
  }

  changesOf(id: string): number {
    return this.counts.get(id) ?? 0;
  }

  /** Forget the pages that are farthest from `page` beyond `most`. */
  keepNear(page: number, most: number): void {
    const far = [...this.pages.keys()].sort((a, b) => Math.abs(a - page) - Math.abs(b - page));
    for (const one of far.slice(most)) this.drop(one);
  }

  clear(): void {
    this.pages.clear();
    this.places.clear();
    this.goneIds.clear();
    this.counts.clear();
  }
}
