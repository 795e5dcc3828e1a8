import { type Teller, tellerOf } from "../coded.ts";
import { counted, listed, plural } from "./words.ts";

// An account number that is an e-mail address is not shown.
export interface Users {
  /** Account numbers of the first few users. */
  readonly users: readonly string[];
  readonly userCount: number;
}

interface UsersInRows extends Users {
  /** The rows of the first few users in the source, as far as they are known. */
  readonly rows: readonly (number | string | undefined)[];
}

export const NOT_COUNTED = {
  users_without_rules: (not: Users) => {
    const [are, theyGet] = not.userCount === 1 ? ["is", "it gets"] : ["are", "they get"];
    return `${counted(not.userCount, "user")} without rules ${are} not counted${namesText(not)}; if ${theyGet} every lead, say \`receives\`.`;
  },
  users_without_leads: (not: Users) =>
    `${counted(not.userCount, "user")} ${plural(not.userCount, "gets", "get")} no leads (\`receives\`), and ${plural(not.userCount, "is", "are")} not counted${namesText(not)}.`,
  users_without_place: ({ users, userCount, rows }: UsersInRows) => {
    const named = users.map((user, at) => (rows[at] === undefined ? user : `${user} (row ${rows[at]})`));
    return `${counted(userCount, "user")} without a known place ${plural(userCount, "covers", "cover")} nothing by distance${namesText({ users: named, userCount })}.`;
  },
  users_with_unknown_rules: (not: Users) =>
    `${counted(not.userCount, "user")} ${plural(not.userCount, "has", "have")} rules that are not valid or not known here, and ${plural(not.userCount, "gets", "get")} no lead by them${namesText(not)}.`,
};

export const tellNotCounted: Teller<typeof NOT_COUNTED> = /* @__PURE__ */ tellerOf(NOT_COUNTED);

export function namesText({ users, userCount }: Users): string {
  return users.length > 0 ? `: ${listed(users, "and", userCount)}` : "";
}
