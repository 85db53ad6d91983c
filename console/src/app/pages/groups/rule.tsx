/** Who may use something: everybody, or those that are named, and never some. */

import { Radio } from "@mantine/core";
import { People, personOf } from "../../parts/people";
import { texts } from "../../texts";
import type { IdentityUser } from "../../../api/wire.gen";

const t = texts.groups.rule;

/** Whom it lets in: everybody, or `included`; and never `excluded`. */
export interface Rule {
  everybody: boolean;
  included: string[];
  excluded: string[];
}

export const OPEN: Rule = { everybody: true, included: [], excluded: [] };

interface Ruled {
  IncludedUserFilterEnabled?: boolean;
  IncludedUsers?: IdentityUser[];
  ExcludedUserFilterEnabled?: boolean;
  ExcludedUsers?: IdentityUser[];
}

/** As the site has it. */
export function ruleOf(ruled: Ruled): Rule {
  return {
    everybody: ruled.IncludedUserFilterEnabled !== true,
    included: (ruled.IncludedUsers ?? []).map(personOf),
    excluded: ruled.ExcludedUserFilterEnabled === true ? (ruled.ExcludedUsers ?? []).map(personOf) : [],
  };
}

/** As the site takes it. */
export function ruledBy(rule: Rule): { IncludedUserFilterEnabled: boolean; IncludedUsers: string[]; ExcludedUserFilterEnabled: boolean; ExcludedUsers: string[] } {
  return {
    IncludedUserFilterEnabled: !rule.everybody,
    IncludedUsers: rule.included,
    ExcludedUserFilterEnabled: rule.excluded.length > 0,
    ExcludedUsers: rule.excluded,
  };
}

interface RuleFieldsProps {
  rule: Rule;
  change: (rule: Rule) => void;
  /** Applications let in or not; they know nobody who is kept out. */
  excludes?: boolean;
}

export function RuleFields({ rule, change, excludes = true }: RuleFieldsProps): React.JSX.Element {
  return (
    <>
      <Radio.Group label={t.who} value={rule.everybody ? "all" : "some"} onChange={(value) => change({ ...rule, everybody: value === "all" })}>
        <div className="stack tight">
          <Radio value="all" label={t.everybody} />
          <Radio value="some" label={t.some} />
        </div>
      </Radio.Group>
      {rule.everybody ? null : <People label={t.included} value={rule.included} change={(included) => change({ ...rule, included })} />}
      {excludes ? <People label={t.excluded} value={rule.excluded} change={(excluded) => change({ ...rule, excluded })} /> : null}
    </>
  );
}
