/** How the session's screen is shown, as this browser keeps it. */

export const SIZES = ["window", "fit", "actual"] as const;
export const QUALITIES = ["best", "balanced", "low"] as const;

export interface Look {
  /** The session has the window's size; or keeps its own, made to fit; or one to one. */
  size: (typeof SIZES)[number];
  quality: (typeof QUALITIES)[number];
}

const KEY = "footlight.look";
const USUAL: Look = { size: "window", quality: "balanced" };

export function keptLook(store: Storage = localStorage): Look {
  try {
    const kept = JSON.parse(store.getItem(KEY) ?? "{}") as Partial<Record<keyof Look, unknown>> | null;
    return {
      size: SIZES.find((one) => one === kept?.size) ?? USUAL.size,
      quality: QUALITIES.find((one) => one === kept?.quality) ?? USUAL.quality,
    };
  } catch {
    return USUAL;
  }
}

export function keepLook(look: Look, store: Storage = localStorage): void {
  store.setItem(KEY, JSON.stringify(look));
}
