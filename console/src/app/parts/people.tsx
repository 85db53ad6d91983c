/** Accounts and their groups by name, found as one types. */

import { TagsInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { site } from "../../api/site";
import type { IdentityUser } from "../../api/wire.gen";
import { useMay } from "../me";
import { texts } from "../texts";

const TYPING_MS = 250;
const MOST = 20;

/** The name by which the site knows the person again. */
export const personOf = (user: IdentityUser): string => user.Name ?? user.UserIdentity ?? user.Sid ?? "";

interface PeopleProps {
  label: string;
  value: string[];
  change: (value: string[]) => void;
}

export function People({ label, value, change }: PeopleProps): React.JSX.Element {
  const may = useMay();
  const [typed, setTyped] = useState("");
  const [contains] = useDebouncedValue(typed.trim(), TYPING_MS);
  const found = useQuery({
    queryKey: ["people", contains],
    queryFn: () => site("GET /cvad/manage/Identity/Users", { query: { contains, limit: MOST } }),
    enabled: may("Identity_Read") && contains !== "",
  });
  const names = new Set((found.data?.Items ?? []).map(personOf).filter((name) => name !== ""));
  return (
    <TagsInput label={label} description={texts.people.why} value={value} onChange={change} searchValue={typed} onSearchChange={setTyped}
      data={[...names]} filter={({ options }) => options} acceptValueOnBlur clearButtonProps={{ "aria-label": texts.people.clear }} />
  );
}
