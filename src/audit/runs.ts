import type { Outcome } from "../core/outcomes.ts";
import { argumentsCheck, clock, number, options, text } from "../core/validate.ts";
import type { LedgerPlatform } from "../ledger/ledger.ts";
import type { AuditLine, RunEndedLine, RunPlannedLine, RunStartedLine } from "./line.ts";
import { readAudit } from "./read-audit.ts";

/** A run according to its audit. */
export interface AuditedRun {
  readonly run: string;
  readonly started?: RunStartedLine | undefined;
  readonly planned?: RunPlannedLine | undefined;
  /** Undefined if the run is under way, or was killed and no later run has noted that. */
  readonly ended?: RunEndedLine | undefined;
  /** Users by outcome. For a run that has not ended, its users' lines are counted. */
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
}

/**
 * Every run of an audit, in the order in which they began.
 *
 * @throws {@link OpleadError} `invalid_input`, `audit_unavailable`.
 */
export function auditedRuns(file: string): AuditedRun[] {
  const runs = new Map<string, AuditedRun>();
  for (const line of readAudit(file, { runs: true })) {
    if (line.event === "user") continue;
    const name = line.event.slice("run_".length);
    const counts = line.event === "run_ended" ? line.counts : (runs.get(line.run)?.counts ?? {});
    runs.set(line.run, { ...runs.get(line.run), run: line.run, [name]: line, counts });
  }
  return [...runs.values()]
    .map((run) => (run.ended ? run : { ...run, counts: countsOf(readAudit(file, { run: run.run })) }))
    .sort((a, b) => {
      const [one, other] = [beganAt(a), beganAt(b)];
      return one < other ? -1 : one > other ? 1 : 0;
    });
}

function countsOf(lines: Iterable<AuditLine>): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const line of lines) {
    if (line.event === "user") counts[line.outcome] = (counts[line.outcome] ?? 0) + 1;
  }
  return counts;
}

function beganAt({ started, planned, ended }: AuditedRun): string {
  return (started ?? planned ?? ended)?.time ?? "";
}

// An audit may hold runs of several targets.
export function isOf({ started, planned }: AuditedRun, platform: LedgerPlatform | undefined): boolean {
  const its = planned?.platform ?? started?.platform;
  return !its || !platform || (its.baseUrl === platform.baseUrl && its.name === platform.name);
}

/** Options of {@link auditStatus}. */
export interface AuditStatusOptions {
  /** Only runs of this platform or of an unknown one. Default: all runs. */
  readonly platform?: LedgerPlatform | undefined;
  /** Age in ms above which the last run of all users makes {@link AuditStatus.tooOld} true. Default: none. */
  readonly maxAgeMs?: number | undefined;
  /** Clock, in ms since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** A run that has ended. */
export interface StatusRun
  extends Pick<RunEndedLine, "run" | "origin" | "status" | "exitCode" | "code" | "requests" | "durationMs"> {
  /** ISO 8601. A killed run ended when the next run noted it. */
  readonly beganAt: string;
  readonly endedAt: string;
  /** Time since the run ended, in ms. */
  readonly ageMs: number;
  /** Users by outcome. */
  readonly counts: AuditedRun["counts"];
}

/** The state that the runs of an audit show. */
export interface AuditStatus extends Pick<RunEndedLine, "problems" | "leaversDue" | "entries"> {
  /** When this status was made, ISO 8601. */
  readonly time: string;
  /** The last run that ended, whatever its result. Test mode does not count. */
  readonly last: StatusRun | undefined;
  /** The last `sync` or `apply` of all users that ended, whatever its result. A killed run does not count. */
  readonly lastNight: StatusRun | undefined;
  /** The last `sync` or `apply` that sent every user that can be sent. Some records may be invalid. */
  readonly lastComplete: StatusRun | undefined;
  /** Runs under way or killed, with their outcomes so far. */
  readonly open: readonly { readonly run: string; readonly beganAt: string; readonly counts: AuditedRun["counts"] }[];
  /** Problems of the last run with a report that the run before did not have; `knownProblems`: those that it had. */
  readonly newProblems: number | undefined;
  readonly knownProblems: number | undefined;
  /** Whether no `sync` or `apply` of all users ended within {@link AuditStatusOptions.maxAgeMs}. */
  readonly tooOld: boolean;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("auditStatus", () => ({
  file: text(),
  options: options<AuditStatusOptions>({
    platform: options<LedgerPlatform>({ name: text() }, { baseUrl: text() }),
    maxAgeMs: number(0, Number.MAX_SAFE_INTEGER),
    now: clock(),
  }),
}));

/**
 * The present state according to an audit file. Reads only lines about runs, and opens no ledger.
 *
 * `file`: the path that {@link auditFile} was given.
 *
 * @throws {@link OpleadError} `invalid_input`, `audit_unavailable`.
 */
export function auditStatus(file: string, given: AuditStatusOptions = {}): AuditStatus {
  checkArguments({ file, options: given });
  const { platform, maxAgeMs = Number.POSITIVE_INFINITY, now = Date.now } = given;
  const time = now();
  const runs = auditedRuns(file).filter((run) => isOf(run, platform));
  const ended = runs.flatMap((run) => (run.ended && !isRehearsal(run) ? [{ ...run, ended: run.ended }] : []));
  ended.sort((a, b) => (a.ended.time < b.ended.time ? -1 : 1));
  const show = (found: (typeof ended)[number] | undefined): StatusRun | undefined => {
    if (!found) return undefined;
    const { run, origin, status, exitCode, code, requests, durationMs, time: endedAt } = found.ended;
    return {
      run,
      origin,
      status,
      exitCode,
      code,
      beganAt: beganAt(found),
      endedAt,
      ageMs: time - Date.parse(endedAt),
      counts: found.counts,
      requests,
      durationMs,
    };
  };
  const nights = ended.filter(isNight);
  const lastNight = show(nights.at(-1));
  const told = ended.findLast((run) => run.ended.newProblems !== undefined)?.ended;
  const known = <Name extends "leaversDue" | "entries">(name: Name): number | undefined =>
    ended.findLast((run) => run.ended[name] !== undefined)?.ended[name];
  return {
    time: new Date(time).toISOString(),
    last: show(ended.at(-1)),
    lastNight,
    lastComplete: show(nights.findLast(({ ended }) => hasSentAll(ended))),
    open: runs
      .filter((run) => !run.ended && !isRehearsal(run))
      .map((run) => ({ run: run.run, beganAt: beganAt(run), counts: run.counts })),
    newProblems: told?.newProblems,
    knownProblems: told?.knownProblems,
    problems: told?.problems,
    leaversDue: known("leaversDue"),
    entries: known("entries"),
    tooOld: Number.isFinite(maxAgeMs) && !(lastNight && lastNight.ageMs <= maxAgeMs),
  };
}

function isRehearsal({ started, ended }: AuditedRun): boolean {
  return started?.origin === "test" || ended?.testMode === true;
}

// With `ignoreKnown` the exit code may be 0 although users failed.
function hasSentAll({ status, exitCode, counts }: RunEndedLine): boolean {
  if (status !== "partial") return status === "complete";
  return exitCode === 5 || (exitCode === 0 && (counts.failed ?? 0) + (counts.incomplete ?? 0) === 0);
}

// A retry or a trial would hide that the nightly run was missed.
function isNight({ ended }: AuditedRun): boolean {
  if (ended?.origin !== "sync" && ended?.origin !== "apply") return false;
  return ended.status !== "killed" && ended.part !== true;
}
