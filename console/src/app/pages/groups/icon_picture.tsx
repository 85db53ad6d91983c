/** Icons as pictures. The site keeps files; it gives them as PNG of the size that is asked for. */

import { useQuery } from "@tanstack/react-query";
import { site } from "../../../api/site";
import type { IconSelection } from "../../../api/wire.gen";
import { after, useEvery } from "../../every";
import type { Whole } from "../../table/whole_rows";

export const ICONS = ["icons"];
const AS_SHOWN = "image/png;48x48";
/** In px, on a page and in a row. */
const SIDE = 32;
export const SMALL = 24;
/** So many bytes go into one call of the text function. */
const AT_ONCE = 8192;

export function useIcons(): Whole<IconSelection> {
  return useEvery(ICONS, ["icon"], (token) => site("GET /cvad/manage/Icons", { query: { ...after(token), iconFormat: AS_SHOWN, fields: "Id,IsBuiltIn,FormattedData" } }));
}

/** An empty `alt`: its name stands beside it. */
export function Picture({ icon, alt = "", side = SIDE }: { icon: IconSelection; alt?: string; side?: number }): React.JSX.Element {
  return <img src={`data:image/png;base64,${icon.FormattedData ?? ""}`} alt={alt} width={side} height={side} />;
}

export function IconOf({ id }: { id: string }): React.JSX.Element | null {
  const found = useQuery({ queryKey: [...ICONS, id], queryFn: () => site("GET /cvad/manage/Icons/{id}", { path: { id }, query: { iconFormat: AS_SHOWN } }) });
  return found.data === undefined ? null : <Picture icon={found.data} />;
}

/** Keeps a file as an icon; its id. */
export async function addIcon(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += AT_ONCE) text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return (await site("POST /cvad/manage/Icons", { body: { RawData: btoa(text) } })).Id;
}
