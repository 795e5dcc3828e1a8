import { type Teller, tellerOf } from "../coded.ts";
import { counted, listed, plural } from "./words.ts";

// An account number that is an e-mail address is not shown.
export interface Users {
  /** Account numbers of the first few users. */
  readonly users: readonly string[];
  readonly userCount: number;
}

export const NOT_COUNTED = {
  users_without_rules: (not: Users) => {
    const [are, theyGet] = not.userCount === 1 ? ["is", "it gets"] : ["are", "they get"];
    return `${counted(not.userCount, "user")} without rules ${are} not counted${namesText(not)}; if ${theyGet} every lead, say \`receives\`.`;
  },
  users_without_leads: (not: Users) =>
    `${counted(not.userCount, "user")} ${plural(not.userCount, "gets", "get")} no leads (\`receives\`), and ${plural(not.userCount, "is", "are")} not counted${namesText(not)}.`,
};

export const tellNotCounted: Teller<typeof NOT_COUNTED> = /* @__PURE__ */ tellerOf(NOT_COUNTED);

export function namesText({ users, userCount }: Users): string {
  return users.length > 0 ? `: ${listed(users, "and", userCount)}` : "";
}
