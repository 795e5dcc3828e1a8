import type { SyncPlan, UserDiff } from "oplead-sdk/sync";
import type { Context } from "../../command.ts";
import { makePlan } from "../../run/make-plan.ts";
import { failureOf } from "../../shell/failure.ts";
import { counted, inEnglish, separated, told, type Value } from "../../texts/say.ts";
import type { Workspace } from "../../workspace/workspace.ts";
import { failureText } from "./user-text.ts";

/** The change that a run would make to one user now. */
export interface Tonight {
  readonly asJson: TonightJson;
  readonly told: Value;
}

interface TonightJson {
  /** `none`: neither the source nor the ledger has the user, or nothing is to be sent. `unknown`: the message says why. */
  readonly action:
    | (
        | "create"
        | "update"
        | "retry"
        | "leaver"
        | "hold"
        | "invalid"
        | "duplicate"
        | "twin"
        | "wait"
        | "stale"
        | "missing"
      )
    | ("unchanged" | "none" | "unknown");
  readonly message: string;
  /** The codes of what keeps the guard from letting the run pass. */
  readonly refusals: readonly string[];
  /** Old and new values of what would be sent, if they were asked for. */
  readonly diff?: UserDiff | undefined;
}

export function unknown(why: Value): Tonight {
  return found("unknown", told("not known: {why}", { why }));
}

function found(
  action: TonightJson["action"],
  what: Value,
  refusals: readonly string[] = [],
  diff?: TonightJson["diff"],
): Tonight {
  return { asJson: { action, message: inEnglish(what), refusals, diff }, told: what };
}

/** Makes the plan of all users: what becomes of one depends on its parent, on other records, and on the guard. */
export async function tonight(
  workspace: Workspace,
  context: Context,
  account: string,
  reveal = false,
): Promise<Tonight> {
  const { source, map } = workspace.config;
  if (source === undefined || map === undefined) return unknown(told("the config has no source, or no map"));
  try {
    const plan = await makePlan(workspace, context);
    const [action, what] =
      ofUser(plan, account) ??
      ((await workspace.ledger.get(account))?.id === undefined
        ? (["none", told("the source has no such user")] as const)
        : (["unchanged", told("nothing: Oplead has what the source says")] as const));
    const refusals = plan.refusals.map(({ code }) => code);
    const diff = reveal ? plan.diff(account, { reveal }) : undefined;
    if (refusals.length === 0) return found(action, what, refusals, diff);
    const codes = refusals.join(", ");
    return found(action, told("{what}, but the guard would refuse the run ({codes})", { what, codes }), refusals, diff);
  } catch (error) {
    const { error: failure, said } = failureOf(error, context.interrupts.happened);
    return { ...unknown(failure.message), told: told("not known: {why}", { why: said }) };
  }
}

function ofUser(plan: SyncPlan, account: string): readonly [TonightJson["action"], Value] | undefined {
  const isAsked = (user: { readonly accountNumber: string | undefined }) => user.accountNumber === account;
  const change = plan.changes.find(isAsked);
  if (change) {
    const { kind, fields, rules, fieldsUnknown } = change;
    const what = [
      ...fields,
      ...(fieldsUnknown ? [told("fields that are not known")] : []),
      ...rules.map((rule) => `rules.${rule}`),
    ];
    const verb = { new: "create", changed: "update", retried: "retry", leaver: "leaver" } as const;
    const words = {
      new: "create it, or update it if Oplead has it",
      changed: "update",
      retried: "send it once more, which Oplead refused before",
      leaver: "send the rules of leavers",
    } as const;
    return [verb[kind], told("{name}: {what}", { name: told(words[kind]), what: separated(what, ", ") })];
  }
  const invalid = plan.invalid.find(isAsked);
  if (invalid)
    return [
      "invalid",
      told("nothing: {why}", {
        why: separated(
          invalid.issues.map((issue) => separated([issue.path, issue], " ")),
          "; ",
        ),
      }),
    ];
  if (plan.duplicates.some(isAsked))
    return ["duplicate", told("nothing: several records of the source have this account number")];
  const twin = plan.twins.find(isAsked);
  if (twin)
    return [
      "twin",
      told("nothing: it has the login or the e-mail address of {other}, so it is perhaps a second row of one person", {
        other: twin.of,
      }),
    ];
  const waiting = plan.waiting.find(isAsked);
  if (waiting)
    return [
      "wait",
      told("nothing: it waits for {root}, which is {state}", {
        ...{ root: waiting.root.accountNumber, state: told(waiting.root.because) },
      }),
    ];
  const held = plan.held.find(isAsked);
  if (held)
    return [
      "hold",
      told("nothing: it is held ({failure}); to send it again: npx oplead retry --held {user}", {
        ...{ failure: failureText(held), user: account },
      }),
    ];
  if (plan.stale.includes(account)) return ["stale", told("nothing: the ledger has a newer version")];
  const missing = plan.missing.find(isAsked);
  if (missing)
    return [
      "missing",
      told("nothing: the source does not have it ({state}, {days})", {
        ...{ state: told(missing.state), days: counted(missing.days, "day") },
      }),
    ];
  return undefined;
}
