import type { SyncPlan, UserDiff } from "oplead-sdk/sync";
import type { Context } from "../../command.ts";
import { makePlan } from "../../run/make-plan.ts";
import { failureOf } from "../../shell/failure.ts";
import type { Workspace } from "../../workspace/workspace.ts";
import { failureText } from "./user-text.ts";

/** What a run would do for one user now. */
export interface Tonight {
  /** `none`: neither the source nor the ledger has the user, or nothing is to be sent. `unknown`: the message says why. */
  readonly action:
    | ("create" | "update" | "leaver" | "hold" | "invalid" | "duplicate" | "wait" | "stale" | "missing")
    | ("unchanged" | "none" | "unknown");
  readonly message: string;
  /** The codes of what keeps the guard from letting the run pass. */
  readonly refusals: readonly string[];
  /** Old and new values of what would be sent, if they were asked for. */
  readonly diff?: UserDiff | undefined;
}

/** The part of a plan that is left out. */
export function unknown(why: string): Tonight {
  return { action: "unknown", message: `not known: ${why}`, refusals: [] };
}

/** Makes the plan of all users: what becomes of one depends on its parent, on other records, and on the guard. */
export async function tonight(
  workspace: Workspace,
  context: Context,
  account: string,
  reveal = false,
): Promise<Tonight> {
  const { source, map } = workspace.config;
  if (source === undefined || map === undefined) return unknown("the config has no source, or no map");
  try {
    const plan = await makePlan(workspace, context);
    const found =
      ofUser(plan, account) ??
      ((await workspace.ledger.get(account))?.id === undefined
        ? (["none", "the source has no such user"] as const)
        : (["unchanged", "nothing: Oplead has what the source says"] as const));
    const refusals = plan.refusals.map(({ code }) => code);
    const refused = refusals.length === 0 ? "" : `, but the guard would refuse the run (${refusals.join(", ")})`;
    const diff = reveal ? plan.diff(account, { reveal }) : undefined;
    return { action: found[0], message: found[1] + refused, refusals, diff };
  } catch (error) {
    return unknown(failureOf(error, context.interrupts.happened).error.message);
  }
}

function ofUser(plan: SyncPlan, account: string): readonly [Tonight["action"], string] | undefined {
  const isAsked = (user: { readonly accountNumber: string | undefined }) => user.accountNumber === account;
  const change = plan.changes.find(isAsked);
  if (change) {
    const { kind, fields, rules, fieldsUnknown } = change;
    const what = [
      ...fields,
      ...(fieldsUnknown ? ["fields that are not known"] : []),
      ...rules.map((rule) => `rules.${rule}`),
    ];
    const verb = { new: "create", changed: "update", leaver: "leaver" } as const;
    const words = {
      new: "create it, or update it if Oplead has it",
      changed: "update",
      leaver: "send the rules of leavers",
    };
    return [verb[kind], `${words[kind]}: ${what.join(", ")}`];
  }
  const invalid = plan.invalid.find(isAsked);
  if (invalid)
    return ["invalid", `nothing: ${invalid.issues.map(({ path, message }) => `${path} ${message}`).join("; ")}`];
  if (plan.duplicates.some(isAsked))
    return ["duplicate", "nothing: several records of the source have this account number"];
  const waiting = plan.waiting.find(isAsked);
  if (waiting) return ["wait", `nothing: its parent ${waiting.parent} is ${waiting.because}`];
  const held = plan.held.find(isAsked);
  if (held)
    return ["hold", `nothing: it is held (${failureText(held)}); to send it again: npx oplead retry --held ${account}`];
  if (plan.stale.includes(account)) return ["stale", "nothing: the ledger has a newer version"];
  const missing = plan.missing.find(isAsked);
  if (missing) return ["missing", `nothing: the source does not have it (${missing.state}, ${missing.days} days)`];
  return undefined;
}
