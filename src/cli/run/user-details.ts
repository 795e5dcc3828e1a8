import { isOpleadError } from "oplead-sdk";
import type { Ledger, SyncPlan } from "oplead-sdk/sync";
import { languageName, type Sayable, say, separated, shown, told } from "../texts/say.ts";

/** What a plan would send for one user, by path, or why it sends nothing. */
export async function userDetails(plan: SyncPlan, ledger: Ledger, account: string, reveal: boolean): Promise<string> {
  const diff = plan.diff(account, { reveal });
  if (diff) {
    const hint = diff.fieldsUnknown && !reveal ? [say("all_new_values")] : [];
    return [diff.toString({ language: languageName() }), ...hint].join("\n");
  }
  const lines = problemsOf(plan, account, reveal);
  if (lines.length > 0) return shown(told("user_cannot_be_sent", { user: account, lines: separated(lines, "\n") }));
  const held = plan.held.find(({ accountNumber }) => accountNumber === account);
  if (held) {
    return say("user_held", {
      user: account,
      failure: `${held.step}: ${held.code}`,
    });
  }
  const hasLeft = plan.missing.some(({ accountNumber }) => accountNumber === account);
  if (!hasLeft && (await ledger.get(account))) {
    return plan.changedSince === undefined
      ? say("user_unchanged", { user: account })
      : say("user_unchanged_full", { user: account });
  }
  return say("no_user_to_send", { user: account });
}

/** What is wrong with the records of a user, or with its parent. */
function problemsOf(plan: SyncPlan, account: string, reveal: boolean): Sayable[] {
  const isAsked = (user: { readonly accountNumber: string | undefined }) => user.accountNumber === account;
  const line = (path: string, ...what: Sayable[]): Sayable => ({
    joined: [`  ${path === "" ? "" : `${path} `}`, ...what],
  });
  return [
    ...plan.invalid.filter(isAsked).flatMap(({ issues, error }) => {
      // Like the new values, the message of an error in map may be personal data.
      const words = reveal && error instanceof Error && !isOpleadError(error) ? `: ${error.message}` : "";
      return issues.map((issue) => line(issue.path, issue, words));
    }),
    ...plan.duplicates.filter(isAsked).map(() => line("accountNumber", told("in_several_records"))),
    ...plan.twins.filter(isAsked).map(({ by, of }) => line(by, told("is_that_of", { other: of }))),
    ...plan.waiting.filter(isAsked).map(({ root: { accountNumber: root, because } }) => {
      return line("parentUserIdentifier", told("waits_for", { root, state: told(because) }));
    }),
  ];
}
