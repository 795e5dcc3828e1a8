import { isOpleadError } from "oplead-sdk";
import type { Ledger, SyncPlan } from "oplead-sdk/sync";
import { say, shown, told, type Value } from "../texts/say.ts";

/** What a plan would send for one user, by path, or why it sends nothing. */
export async function userDetails(plan: SyncPlan, ledger: Ledger, account: string, reveal: boolean): Promise<string> {
  const diff = plan.diff(account, { reveal });
  if (diff) {
    const hint = diff.fieldsUnknown && !reveal ? [say("All new values: the same command with --reveal")] : [];
    return [String(diff), ...hint].join("\n");
  }
  const lines = problemsOf(plan, account, reveal);
  if (lines.length > 0) return shown(told("{user} cannot be sent:\n{lines}", { user: account, lines }));
  const held = plan.held.find(({ accountNumber }) => accountNumber === account);
  if (held) {
    return say("{user} is held ({failure}); to send it again: npx oplead retry --held {user}.", {
      user: account,
      failure: `${held.step}: ${held.code}`,
    });
  }
  const hasLeft = plan.missing.some(({ accountNumber }) => accountNumber === account);
  if (!hasLeft && (await ledger.get(account))) {
    return plan.changedSince === undefined
      ? say("{user} has no change to send.", { user: account })
      : say("{user} has no change to send, as far as the source was read: --full reads all of it.", { user: account });
  }
  return say("The source has no user {user} that can be sent.", { user: account });
}

/** What is wrong with the records of a user, or with its parent. */
function problemsOf(plan: SyncPlan, account: string, reveal: boolean): Value[] {
  const isAsked = (user: { readonly accountNumber: string | undefined }) => user.accountNumber === account;
  const line = (path: string, ...what: Value[]): Value => ({
    joined: [`  ${path === "" ? "" : `${path} `}`, ...what],
  });
  return [
    ...plan.invalid.filter(isAsked).flatMap(({ issues, error }) => {
      // Like the new values, the message of an error in map may be personal data.
      const words = reveal && error instanceof Error && !isOpleadError(error) ? `: ${error.message}` : "";
      return issues.map((issue) => line(issue.path, issue, words));
    }),
    ...plan.duplicates.filter(isAsked).map(() => line("accountNumber", told("belongs to several records"))),
    ...plan.twins.filter(isAsked).map(({ by, of }) => line(by, told("is that of {other}", { other: of }))),
    ...plan.waiting.filter(isAsked).map(({ root: { accountNumber: root, because } }) => {
      return line("parentUserIdentifier", told("waits for {root}, which is {state}", { root, state: told(because) }));
    }),
  ];
}
