import { type Teller, tellerOf } from "../coded.ts";
import { counted, listed, plural } from "./words.ts";

// An account number that is an e-mail address is not shown.
export interface Users {
  /** Account numbers of the first few users. */
  readonly users: readonly string[];
  readonly userCount: number;
  /** The rows of the first few users in the source, as far as they are known. */
  readonly rows?: readonly (number | string | undefined)[] | undefined;
}

export const NOT_COUNTED = {
  users_invalid: (not: Users) => `${counted(not.userCount, "user")} with an invalid record ${areNotCounted(not)}.`,
  users_refused: (not: Users) => `${counted(not.userCount, "user")} that Oplead refused ${areNotCounted(not)}.`,
  users_left: (not: Users) =>
    `${counted(not.userCount, "user")} that left the source ${areNotCounted(not)}; Oplead still has ${plural(not.userCount, "it, and it", "them, and they")} may still get leads.`,
  users_without_rules: (not: Users) =>
    `${counted(not.userCount, "user")} without rules ${areNotCounted(not)}; if ${plural(not.userCount, "it gets", "they get")} every lead, say \`receives\`.`,
  users_without_leads: (not: Users) =>
    `${counted(not.userCount, "user")} ${plural(not.userCount, "gets", "get")} no leads (\`receives\`), and ${areNotCounted(not)}.`,
  users_without_place: (not: Users) =>
    `${counted(not.userCount, "user")} without a known place ${plural(not.userCount, "covers", "cover")} nothing by distance${namesText(not)}.`,
  users_with_unknown_rules: (not: Users) =>
    `${counted(not.userCount, "user")} ${plural(not.userCount, "has", "have")} rules that are not valid or not known here, and ${plural(not.userCount, "gets", "get")} no lead by them${namesText(not)}.`,
};

export const tellNotCounted: Teller<typeof NOT_COUNTED> = /* @__PURE__ */ tellerOf(NOT_COUNTED);

function areNotCounted(not: Users): string {
  return `${plural(not.userCount, "is", "are")} not counted${namesText(not)}`;
}

export function namesText({ users, userCount, rows = [] }: Users): string {
  const named = users.map((user, at) => (rows[at] === undefined ? user : `${user} (row ${rows[at]})`));
  return users.length > 0 ? `: ${listed(named, "and", userCount)}` : "";
}
