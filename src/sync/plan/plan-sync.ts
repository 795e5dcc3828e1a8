import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/internals.ts";
import { invalid, isOpleadError, type OpleadIssue } from "../../errors.ts";
import { showIdentity } from "../../redact.ts";
import type { UserProfile } from "../../reference-types.ts";
import { stopIssues } from "../apply/health.ts";
import type { ApplyOptions, SyncOptions } from "../options.ts";
import type { PlanFacts, SyncPlan } from "../plan.ts";
import type { SyncReport } from "../report.ts";
import { Draft } from "./draft.ts";
import { guardFindings, guardIssues } from "./guard.ts";
import { Intake } from "./intake.ts";
import { Known } from "./known.ts";
import { readSource } from "./read-source.ts";
import { estimateOf, hashOfPlan, planOf } from "./ready-plan.ts";

/**
 * Reads the whole source, compares it with the ledger and gives a plan. Writes nothing; asks Oplead for its profiles if
 * there is something to send, and for nothing else.
 *
 * ```ts
 * const plan = await planSync(oplead, { source: rows, map: toUser, ledger: fileLedger("./ledger") });
 * console.log(String(plan));
 * const report = await plan.apply();
 * ```
 *
 * @throws {@link OpleadError} `invalid_options`; `source_failed` when the source throws; `ledger_unavailable`;
 * `unauthorized`; `aborted`.
 */
export async function planSync<SourceRecord>(oplead: Oplead, options: SyncOptions<SourceRecord>): Promise<SyncPlan> {
  const { transport } = internalsOf(oplead);
  checkOptions(options);
  const { ledger, guard = {}, incremental = false, retryHeld = false, now = Date.now, signal } = options;
  const { concurrency = transport.settings.maxConcurrency } = options;

  const plannedAt = now();
  const known = await Known.read(ledger);
  const intake = new Intake(known, retryHeld);
  const records = await readSource(options, concurrency, (mapped) => intake.take(mapped));
  const warnings: string[] = [];
  const profiles = intake.hasChanges ? await readProfiles(oplead, signal, warnings) : undefined;
  const draft = new Draft(intake, known, retryHeld, profiles);

  const changes = draft.changes();
  const planned = changes.map((change) => change.planned);
  const missing = incremental ? [] : known.missingFrom(intake);
  const missingIsSure = intake.unidentified === 0;
  warnings.push(...unknownParentsWarning(draft));
  if (!missingIsSure && missing.length > 0) {
    warnings.push(
      `${intake.unidentified} record(s) do not say whom they are about, so users that look missing may be there. ` +
        "Nobody is reported missing this time.",
    );
  }
  const duplicates = intake.duplicates();
  const stale = draft.accountNumbersOf("stale");
  const newUsers = planned.filter(({ kind }) => kind === "new").length;
  const facts: PlanFacts = {
    hash: hashOfPlan(changes, missing),
    testMode: oplead.testMode,
    counts: {
      records,
      new: newUsers,
      changed: planned.length - newUsers,
      unchanged: draft.count("unchanged"),
      held: draft.count("held"),
      invalid: draft.invalid.length,
      duplicates: duplicates.length,
      stale: stale.length,
      ignored: intake.ignored,
      missing: missing.length,
    },
    estimate: estimateOf(changes, transport.settings.rateLimit),
    refusals: guardFindings(guard, {
      population: known.population,
      inSource: intake.size,
      changes: planned,
      newlyMissing: missing.filter(({ since }) => since === undefined).length,
      incremental,
    }),
    warnings,
    changes: planned,
    held: draft.held(),
    invalid: draft.invalid,
    duplicates,
    stale,
    missing,
  };
  const news = draft.news();
  const defaults = applyOptionsOf(options);
  return planOf(facts, { oplead, ledger, changes, news, missingIsSure, plannedAt, concurrency, now, defaults });
}

/**
 * Plans and applies: what a scheduled job calls. The report says what became of everybody.
 *
 * @throws {@link OpleadError} what {@link planSync} throws, and {@link SyncGuardError}, whose `plan` can be looked at and
 * applied after all.
 */
export async function syncUsers<SourceRecord>(oplead: Oplead, options: SyncOptions<SourceRecord>): Promise<SyncReport> {
  const plan = await planSync(oplead, options);
  return plan.apply();
}

/** The profiles are there to find mistakes early. Where they cannot be read, Oplead finds them later. */
async function readProfiles(
  oplead: Oplead,
  signal: AbortSignal | undefined,
  warnings: string[],
): Promise<ReadonlyMap<string, UserProfile> | undefined> {
  try {
    const profiles = await oplead.listUserProfiles({ signal });
    if (profiles.length > 0) return new Map(profiles.map((profile) => [profile.code, profile]));
    warnings.push("Oplead lists no profiles, so those of the users were not checked.");
  } catch (error) {
    if (!isOpleadError(error) || error.code === "unauthorized" || error.code === "aborted") throw error;
    warnings.push(`The profiles of the users were not checked: listUserProfiles failed (${error.code}).`);
  }
  return undefined;
}

function unknownParentsWarning(draft: Draft): string[] {
  const unknown = draft.unknownParents();
  if (unknown.length === 0) return [];
  const some = unknown.slice(0, 5).map(({ accountNumber, parent }) => {
    return `${showIdentity(accountNumber)} → ${showIdentity(parent)}`;
  });
  const more = unknown.length > 5 ? `, … (${unknown.length})` : "";
  return [`Parents that neither the source nor the ledger knows: ${some.join(", ")}${more}.`];
}

function applyOptionsOf(options: ApplyOptions): ApplyOptions {
  const { approve, force, stop, signal, onProgress, onHealthChange, onMissing } = options;
  return { approve, force, stop, signal, onProgress, onHealthChange, onMissing };
}

function checkOptions<SourceRecord>(options: SyncOptions<SourceRecord>): void {
  if (typeof options !== "object" || options === null) {
    throw invalid("invalid_options", "planSync", [{ path: "", message: "must be an object" }]);
  }
  const { source, map, ledger, guard = {}, stop, concurrency } = options;
  const issues: OpleadIssue[] = [...guardIssues(guard), ...stopIssues(stop)];
  const isIterable = typeof source === "object" && source !== null;
  if (!isIterable && typeof source !== "function") {
    issues.push({ path: "source", message: "must be an iterable, an async iterable, or a function that returns one" });
  }
  if (typeof map !== "function") issues.push({ path: "map", message: "must be a function" });
  for (const method of ["get", "set", "entries", "close"] as const) {
    if (typeof ledger?.[method] === "function") continue;
    issues.push({ path: "ledger", message: "must be a ledger: memoryLedger(), fileLedger(path) or keyvLedger(keyv)" });
    break;
  }
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1)) {
    issues.push({ path: "concurrency", message: "must be a whole number from 1" });
  }
  if (issues.length > 0) throw invalid("invalid_options", "planSync: wrong options", issues);
}
