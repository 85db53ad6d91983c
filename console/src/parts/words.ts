/** Times, lengths, sizes and codes in the words that people use. */

/** "just now", "5 min ago", "2 h 14 min ago", "3 days ago". */
export function ago(at: string | null, nowMs: number): string {
  if (at === null) return "";
  const ms = nowMs - Date.parse(at);
  return ms < 10_000 ? "just now" : `${span(ms)} ago`;
}

/** "42 s", "5 min", "2 h 14 min", "3 days". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

let exact: Intl.DateTimeFormat | null = null;

/** The exact time in the reader's zone. */
export function exactly(at: string | null): string {
  // To make one takes a hundred times as long as to use it.
  exact ??= new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
  return at === null ? "" : exact.format(new Date(at));
}

/** A place in a recording: "0:07", "12:30", "1:02:03". */
export function clockText(ms: number): string {
  const seconds = Math.floor(Math.max(ms, 0) / 1000);
  const two = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** "812 bytes", "45 kB", "1.2 MB". */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A code of the API in words: "program-failed" and "programFailed" give "program failed"; sentences stay. */
export function plain(code: string): string {
  if (code.includes(" ")) return code;
  return code
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/[-_]/g, " ")
    .toLowerCase();
}
