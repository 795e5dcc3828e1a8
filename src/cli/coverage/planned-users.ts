import type { PolicyContext, SyncPolicy } from "oplead-sdk/coverage";
import { judgePolicies, type Ledger, type PolicyCoverage } from "oplead-sdk/sync";
import type { Output } from "../shell/output.ts";
import { counted, say } from "../texts/say.ts";

/** A policy that finds nothing: it keeps the users before and after a plan, as policies get them. */
export class PlannedUsers implements SyncPolicy {
  readonly name = "coverage";
  /** Undefined for a plan that does not change what users cover. */
  context: PolicyContext | undefined;

  judge(context: PolicyContext): [] {
    this.context = context;
    return [];
  }
}

/** The users that Oplead has according to the ledger. Oplead still has the rules of leavers, until an administrator has dealt with them. */
export async function usersInOplead(
  ledger: Ledger,
  coverage: PolicyCoverage,
  signal: AbortSignal,
): Promise<PolicyContext | undefined> {
  const users = new PlannedUsers();
  await judgePolicies({ ledger, coverage: { ...coverage, leaversCover: true }, policies: [users], signal });
  return users.context;
}

/** How many users there are of which it is not known what Oplead has. */
export function unknownIn({ unchanged, changes }: PolicyContext): number {
  const known = [...unchanged, ...changes.flatMap(({ before }) => before ?? [])];
  return known.filter(({ unknown, isPlaceUnknown }) => unknown.length > 0 || isPlaceUnknown).length;
}

export function warnOfUnknown(users: number, output: Output): void {
  if (users === 0) return;
  output.warn(
    say("Of {users} it is not known what Oplead has: they are uncertain. A run with --resend makes it known.", {
      users: counted(users, "user"),
    }),
  );
}
