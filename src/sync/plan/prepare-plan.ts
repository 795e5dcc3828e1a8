import type { OpleadIssue } from "../../base/errors.ts";
import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/internals.ts";
import { bindLedger } from "../../ledger/bind.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import type { RateLimitOptions } from "../../options.ts";
import type { ApplyOptions, GuardOptions, SyncOptions } from "../options.ts";
import type { PlanEstimate, PlanFacts } from "../plan.ts";
import type { SuspiciousRecord } from "../records.ts";
import { Turns } from "../turns.ts";
import { checkData, digitsWarning, suspiciousWarning } from "./checks/check-data.ts";
import { SharedValues } from "./checks/shared-values.ts";
import { countChanges, type GuardFacts, guardFindings, guardWarnings } from "./guard/guard.ts";
import { type Judgement, judge } from "./judge.ts";
import { LedgerSnapshot } from "./ledger-snapshot.ts";
import { planHash } from "./plan-hash.ts";
import {
  damagedWarning,
  incomparableWarning,
  missingWarning,
  tooSoonWarning,
  unknownParentsWarning,
} from "./plan-warnings.ts";
import { readProfiles } from "./read-profiles.ts";
import { mapFailureLog } from "./source/map-record.ts";
import { readSource } from "./source/read-source.ts";
import { SourceUsers } from "./source/source-users.ts";

/** A plan with everything that is needed to carry it out. Holds personal data, so it stays inside. */
export interface PreparedPlan extends Pick<Judgement, "changes" | "present"> {
  readonly facts: PlanFacts;
  readonly oplead: Oplead;
  readonly ledger: Ledger;
  readonly guard: GuardOptions | false;
  readonly guardFacts: GuardFacts;
  /** Whether the missing users are really missing: not if there are records without an account number. */
  readonly missingIsSure: boolean;
  readonly adoptPlatform: boolean;
  readonly resend: boolean;
  readonly concurrency: number;
  readonly now: () => number;
  /** How many entries the ledger had. */
  readonly entries: number;
  /** When the ledger was read, in milliseconds since 1970. */
  readonly plannedAt: number;
  /** What was given to planSync. */
  readonly defaults: ApplyOptions;
}

const SEVEN_DAYS_MS = 7 * 24 * 60 * 60 * 1000;

/** Reads the ledger and the source, decides on every user, and lets the guard look at the result. */
export async function preparePlan<SourceRecord>(
  oplead: Oplead,
  options: SyncOptions<SourceRecord>,
): Promise<PreparedPlan> {
  const { settings } = internalsOf(oplead).transport;
  const {
    ledger,
    guard = {},
    incremental = false,
    adoptPlatform = false,
    resend = false,
    now = Date.now,
    signal,
    retryHeld = false,
    heldRetryAfter = SEVEN_DAYS_MS,
    checks = "warn",
    concurrency = settings.maxConcurrency,
  } = options;
  const turns = new Turns(signal);

  await bindLedger(ledger, oplead, { adoptPlatform, readOnly: true });
  const info = await useLedger(async () => ledger.getInfo?.());
  const plannedAt = now();
  const snapshot = await LedgerSnapshot.read(ledger, turns);

  const retry = {
    retryHeld: typeof retryHeld === "boolean" ? retryHeld : new Set(retryHeld),
    heldRetryAfter,
    now: plannedAt,
  };
  const shared = checks === false ? undefined : new SharedValues();
  const users = new SourceUsers(snapshot, { retry, resend, shared });
  const log = mapFailureLog(settings.logger);
  const records = await readSource(options, concurrency, (record) => {
    if (record.failure) log.add(record);
    users.take(record);
  });
  log.end();

  const warnings: string[] = [];
  const profiles = users.hasOpenSteps ? await readProfiles(oplead, signal, warnings) : undefined;
  const found = shared
    ? await checkData(oplead, { users: users.usersToSend(), shared }, signal, turns, warnings)
    : new Map<string, readonly OpleadIssue[]>();
  const dataIssues = checks === "error" ? found : new Map<string, never>();
  const judgement = await judge({ rows: users.rows, ledger: snapshot, profiles, dataIssues, resend }, turns);

  const { changes, held, waiting, stale, present } = judgement;
  // With checks: "error" these records are invalid, so they are no changes.
  const suspicious = changes.flatMap(({ planned: { record, row, accountNumber } }): SuspiciousRecord[] => {
    const issues = found.get(accountNumber);
    return issues ? [{ record, row, accountNumber, issues }] : [];
  });
  const missing = incremental ? [] : await snapshot.missingFrom(users.rows, turns);
  const missingIsSure = users.unidentified === 0;
  // What follows goes through all changes several times, and is quick each time.
  await turns.give();
  const guardFacts: GuardFacts = {
    ...countChanges(changes),
    population: snapshot.population,
    comparable: snapshot.comparable,
    inSource: users.size,
    missing: missing.filter(({ since }) => since === undefined).length,
    incremental,
    firstRunIsOpen: info?.firstRun === "open",
  };
  const newUsers = changes.flatMap(({ planned }) => (planned.kind === "new" ? [planned] : []));
  warnings.push(
    ...suspiciousWarning(suspicious),
    ...(checks === false ? [] : digitsWarning(newUsers)),
    ...damagedWarning(snapshot.damaged),
    ...incomparableWarning(users.incomparable),
    ...unknownParentsWarning(judgement.unknownParents),
    ...(missingIsSure || missing.length === 0 ? [] : [missingWarning(users.unidentified)]),
    ...guardWarnings(guard, guardFacts, { now: snapshot.size, afterLastRun: info?.entries }),
    ...(changes.length === 0 ? [] : tooSoonWarning(info?.lastRunAt, plannedAt, settings.rateLimit)),
  );
  const invalid = [...users.invalid(), ...judgement.invalid].sort((a, b) => a.record - b.record);
  const duplicates = users.duplicates();
  const facts: PlanFacts = {
    hash: await planHash(changes, missing, turns),
    testMode: oplead.testMode,
    counts: {
      records,
      new: guardFacts.new,
      changed: changes.length - guardFacts.new,
      unchanged: judgement.unchanged,
      held: judgement.heldUsers,
      invalid: invalid.length,
      duplicates: duplicates.length,
      waiting: waiting.length,
      stale: stale.length,
      ignored: users.ignored,
      missing: missing.length,
    },
    estimate: estimateOf(changes, settings.rateLimit),
    refusals: guardFindings(guard, guardFacts),
    warnings,
    changes: changes.map(({ planned }) => planned),
    held,
    invalid,
    duplicates,
    waiting,
    suspicious,
    stale,
    missing,
  };
  return {
    facts,
    oplead,
    ledger,
    changes,
    present,
    guard,
    guardFacts,
    missingIsSure,
    adoptPlatform,
    resend,
    concurrency,
    now,
    entries: snapshot.size,
    plannedAt,
    defaults: applyOptionsOf(options),
  };
}

function estimateOf(changes: Judgement["changes"], rateLimit: RateLimitOptions | false): PlanEstimate {
  const requests = changes.reduce((sum, { planned, open }) => {
    return sum + (open.user ? (planned.kind === "new" ? 2 : 1) : 0) + open.rules.length;
  }, 0);
  return {
    requests,
    durationMs: rateLimit ? Math.ceil((requests * rateLimit.perMs) / rateLimit.requests) : undefined,
  };
}

function applyOptionsOf(options: ApplyOptions): ApplyOptions {
  const { approve, only, limit, stop, signal, drain, queue, onProgress, onUser, onMissing } = options;
  return { approve, only, limit, stop, signal, drain, queue, onProgress, onUser, onMissing };
}
