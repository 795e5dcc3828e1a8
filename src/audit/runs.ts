import type { Outcome } from "../core/outcomes.ts";
import type { LedgerPlatform } from "../ledger/ledger.ts";
import type { AuditLine, RunEndedLine, RunPlannedLine, RunStartedLine } from "./line.ts";
import { readAudit } from "./read-audit.ts";

export interface AuditedRun {
  readonly run: string;
  readonly started?: RunStartedLine | undefined;
  readonly planned?: RunPlannedLine | undefined;
  readonly ended?: RunEndedLine | undefined;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
}

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

export interface AuditStatusOptions {
  readonly platform?: LedgerPlatform | undefined;
  readonly maxAgeMs?: number | undefined;
  readonly now?: (() => number) | undefined;
}

export interface StatusRun
  extends Pick<RunEndedLine, "run" | "origin" | "status" | "exitCode" | "code" | "requests" | "durationMs"> {
  readonly beganAt: string;
  readonly endedAt: string;
  readonly ageMs: number;
  readonly counts: AuditedRun["counts"];
}

export interface AuditStatus extends Pick<RunEndedLine, "problems" | "leaversDue" | "oldestConfirmedAt" | "entries"> {
  readonly time: string;
  readonly last: StatusRun | undefined;
  // A `sync` or `apply` of all users, whatever its result; a killed run does not count.
  readonly lastNight: StatusRun | undefined;
  // A run that sent every user that can be sent; some records may be invalid.
  readonly lastComplete: StatusRun | undefined;
  // Runs that are under way or were killed.
  readonly open: readonly { readonly run: string; readonly beganAt: string; readonly counts: AuditedRun["counts"] }[];
  readonly newProblems: number | undefined;
  readonly knownProblems: number | undefined;
  readonly tooOld: boolean;
}

export function auditStatus(file: string, given: AuditStatusOptions = {}): AuditStatus {
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
  const known = <Name extends "leaversDue" | "oldestConfirmedAt" | "entries">(name: Name): RunEndedLine[Name] =>
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
    oldestConfirmedAt: known("oldestConfirmedAt"),
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

// Leaves out retries and trials, which would hide that the nightly run was missed.
function isNight({ ended }: AuditedRun): boolean {
  if (ended?.origin !== "sync" && ended?.origin !== "apply") return false;
  return ended.status !== "killed" && ended.part !== true;
}
