import type { SyncPlan, UserDiff } from "oplead-sdk/sync";
import type { Context } from "../command.ts";
import { makePlan } from "../run/make-plan.ts";
import { failureOf } from "../shell/failure.ts";
import { inEnglish, type Sayable, separated, told } from "../texts/say.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { failureText } from "./user-text.ts";

/** The change that a run would make to one user now. */
export interface Tonight {
  readonly asJson: TonightJson;
  readonly told: Sayable;
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

export function unknown(why: Sayable): Tonight {
  return found("unknown", told("not_known_because", { why }));
}

function found(
  action: TonightJson["action"],
  what: Sayable,
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
  if (source === undefined || map === undefined) return unknown(told("config_without_source"));
  try {
    const plan = await makePlan(workspace, context);
    const [action, what] =
      ofUser(plan, account) ??
      ((await workspace.ledger.get(account))?.id === undefined
        ? (["none", told("source_without_user")] as const)
        : (["unchanged", told("tonight_unchanged")] as const));
    const refusals = plan.refusals.map(({ code }) => code);
    const diff = reveal ? plan.diff(account, { reveal }) : undefined;
    if (refusals.length === 0) return found(action, what, refusals, diff);
    const codes = refusals.join(", ");
    return found(action, told("tonight_guard_refuses", { what, codes }), refusals, diff);
  } catch (error) {
    const { error: failure, said } = failureOf(error, context.interrupts.happened);
    return { ...unknown(failure.message), told: told("not_known_because", { why: said }) };
  }
}

function ofUser(plan: SyncPlan, account: string): readonly [TonightJson["action"], Sayable] | undefined {
  const isAsked = (user: { readonly accountNumber: string | undefined }) => user.accountNumber === account;
  const change = plan.changes.find(isAsked);
  if (change) {
    const { kind, fields, rules, fieldsUnknown } = change;
    const what = [
      ...fields,
      ...(fieldsUnknown ? [told("unknown_fields")] : []),
      ...rules.map((rule) => `rules.${rule}`),
    ];
    const verb = { new: "create", changed: "update", retried: "retry", leaver: "leaver" } as const;
    const words = {
      new: "tonight_create",
      changed: "tonight_update",
      retried: "tonight_once_more",
      leaver: "tonight_leaver_rules",
    } as const;
    return [verb[kind], told("name_and_what", { name: told(words[kind]), what: separated(what, ", ") })];
  }
  const invalid = plan.invalid.find(isAsked);
  if (invalid)
    return [
      "invalid",
      told("tonight_nothing", {
        why: separated(
          invalid.issues.map((issue) => separated([issue.path, issue], " ")),
          "; ",
        ),
      }),
    ];
  if (plan.duplicates.some(isAsked)) return ["duplicate", told("tonight_duplicate")];
  const twin = plan.twins.find(isAsked);
  if (twin)
    return [
      "twin",
      told("tonight_twin", {
        other: twin.of,
      }),
    ];
  const waiting = plan.waiting.find(isAsked);
  if (waiting) {
    const { accountNumber: root, because } = waiting.root;
    return ["wait", told("tonight_waiting", { root, state: told(because) })];
  }
  const held = plan.held.find(isAsked);
  if (held)
    return [
      "hold",
      told("tonight_held", {
        failure: failureText(held),
        user: account,
      }),
    ];
  if (plan.stale.includes(account)) return ["stale", told("tonight_stale")];
  const missing = plan.missing.find(isAsked);
  if (missing)
    return [
      "missing",
      told("tonight_missing", {
        state: told(missing.state),
        days: missing.days,
      }),
    ];
  return undefined;
}
