import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/client-state.ts";
import { hideIdentities } from "../client/incomplete.ts";
import { copyError, type FailedStep, invalid } from "../core/errors.ts";
import { showIdentity } from "../core/redact.ts";
import * as check from "../core/validate.ts";
import { clock, ledger as ledgerSchema } from "../core/validate.ts";
import { bindIfAnswered, bindLedger } from "../ledger/bind.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { CallOptions, HookEnd, HookEvent } from "../transport/options.ts";
import type { Transport } from "../transport/transport.ts";
import { type TakenLease, tellIfLong, withEntry, withLease } from "./change-entry.ts";
import { type Content, readContent, type SourceUser } from "./content.ts";
import { Reconciler } from "./reconciler.ts";
import { type DirectOptions, isAborted, type ReconcileOptions, type Reconciliation } from "./reconciliation.ts";

/**
 * Brings one user, with its rules, to what the source says. Sends only steps that Oplead has not accepted according to
 * the ledger: none for an unchanged user, one request for a changed user whose id is known, and one for each changed
 * rule. An intent in the ledger precedes the first request, and one write stores all outcomes. If the process dies in
 * between, everything is sent once more because of the intent.
 *
 * Reconciliations of one user wait for each other in this process, and across processes with a ledger that has leases.
 * An older {@link SourceUser.version} never replaces a newer one.
 *
 * @returns what became of every step: what Oplead refused, or what could not be sent, is in `failed` and not thrown.
 * @throws {@link OpleadError} `invalid_input` if the user or a rule is not valid: nothing was sent. `aborted` by a
 * signal: `result` says what was sent before, if anything was tried. `ledger_mismatch`
 * if the ledger belongs to another platform. `ledger_conflict` if another process records another state of the user
 * meanwhile, and no version says which is newer: try again; its `requests` say how many requests were sent.
 * `ledger_unavailable` with `requests` as well. `deadline` or `aborted` while it waits for another reconciliation of
 * the same user.
 */
export async function reconcileUser(
  oplead: Oplead,
  ledger: Ledger,
  source: SourceUser,
  options: ReconcileOptions = {},
): Promise<Reconciliation> {
  const { settings } = internalsOf(oplead).transport;
  checkArguments({ ledger, source, options });
  const { adoptPlatform, retryHeld, now, ...call } = options;
  checkOptions({ adoptPlatform, retryHeld, now });
  const content = readContent(source, settings);
  if (!("userHash" in content)) throw invalid("invalid_input", "The user is not valid; nothing was sent.", content);
  await bindLedger(ledger, oplead, { adoptPlatform, readOnly: oplead.testMode || options.testMode === true });
  const result = await reconcileContent(oplead, ledger, content, call, { retryHeld, now });
  const abort = result.failed.find(({ error }) => isAborted(error))?.error;
  if (!abort) return result;
  // Safe: a step failed.
  const stopped = result as Extract<Reconciliation, { outcome: "failed" | "incomplete" }>;
  hideIdentities(stopped);
  throw copyError(abort, { result: stopped });
}

const checkArguments = /* @__PURE__ */ check.argumentsCheck("reconcileUser", () => ({
  ledger: ledgerSchema(),
  source: check.record(),
  options: check.record(),
}));

const checkOptions = /* @__PURE__ */ check.optionsCheck<Omit<ReconcileOptions, keyof CallOptions>>(
  "reconcileUser",
  () =>
    check.options({
      adoptPlatform: check.boolean(),
      retryHeld: check.unless((value) => Array.isArray(value), check.boolean()),
      now: clock(),
    }),
);

export async function reconcileContent(
  oplead: Oplead,
  ledger: Ledger,
  content: Content,
  callOptions: CallOptions,
  options: DirectOptions,
): Promise<Reconciliation> {
  const { transport } = internalsOf(oplead);
  const { accountNumber } = content;
  const call = transport.begin("reconcileUser", callOptions, accountNumber);
  const wait = <T>(pending: Promise<T>): Promise<T> => transport.withinCall(pending, call);
  const waitForLease = (leasing: Promise<TakenLease>): Promise<TakenLease> => {
    const fields = { accountNumber: showIdentity(accountNumber), run: options.runId };
    return tellIfLong(ledger, transport, fields, () => wait(leasing));
  };
  const reconcile = async (lease?: TakenLease): Promise<Reconciliation> => {
    try {
      return await new Reconciler(oplead, ledger, content, callOptions, options, lease).run();
    } finally {
      if (!call.testMode) await bindIfAnswered(ledger, oplead);
    }
  };
  const task = () => (call.testMode ? reconcile() : withLease(ledger, accountNumber, waitForLease, reconcile));
  const work = () => withEntry(ledger, accountNumber, task, wait);
  const { runId, carrier } = options;
  return aroundUser(transport, { user: accountNumber, testMode: call.testMode, runId, carrier }, work);
}

export function aroundUser<
  T extends Pick<HookEnd, "outcome" | "requests"> & { readonly failed: readonly FailedStep[] },
>(
  { observers }: Pick<Transport, "observers">,
  about: Omit<HookEvent<"user">, "kind">,
  work: () => Promise<T>,
): Promise<T> {
  if (!observers.areThere) return work();
  const event = { ...about, kind: "user", user: showIdentity(about.user) } as const;
  return observers.around(event, work, ({ outcome, requests, failed }) => ({
    outcome,
    requests,
    error: failed[0]?.error,
    failed,
  }));
}
