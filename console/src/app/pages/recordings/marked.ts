/** Which parts of a text are the words that were searched for. */

export interface Part {
  text: string;
  hit: boolean;
}

/** The whole text, in parts. Case does not matter, nor does the order of the words. */
export function marked(text: string, words: string): Part[] {
  const sought = words.split(/\s+/).filter((word) => word !== "");
  if (sought.length === 0) return [{ text, hit: false }];
  // The longest first, so that no word is taken for a part of it that is a word as well.
  const escaped = sought.sort((a, b) => b.length - a.length).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return text
    .split(new RegExp(`(${escaped.join("|")})`, "giu"))
    .map((part, place) => ({ text: part, hit: place % 2 === 1 }))
    .filter((part) => part.text !== "");
}

const ID = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

/** What the site has of an event to search in, without the ids, which tell people nothing. */
export const spoken = (text: string): string => text.replace(ID, "").replace(/\s+/g, " ").trim();
