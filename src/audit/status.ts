import { clock } from "../base/validation/parts.ts";
import { argumentsCheck, number, options, text } from "../base/validation/validate.ts";
import type { LedgerPlatform } from "../ledger/ledger.ts";
import type { RunEndedLine } from "./line.ts";
import { type AuditedRun, auditedRuns, beganAt, isOf } from "./runs.ts";

/** Options of {@link auditStatus}. */
export interface AuditStatusOptions {
  /** Only the runs of this platform, and those of which it is not known. Default: all. */
  readonly platform?: LedgerPlatform | undefined;
  /** How old the last night may be, in milliseconds. Default: any age. */
  readonly maxAgeMs?: number | undefined;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** A run that has ended. */
export interface StatusRun
  extends Pick<RunEndedLine, "run" | "origin" | "status" | "exitCode" | "code" | "requests" | "durationMs"> {
  /** When it began and ended, ISO 8601. Of a killed run: when the next one noted it. */
  readonly beganAt: string;
  readonly endedAt: string;
  /** Milliseconds since its end. */
  readonly ageMs: number;
  /** How many users had which outcome. */
  readonly counts: AuditedRun["counts"];
}

/** How things stand, as the runs have left it. */
export interface AuditStatus extends Pick<RunEndedLine, "problems" | "leaversDue" | "entries"> {
  /** When it was asked, ISO 8601. */
  readonly time: string;
  /** The last run that has ended, whatever came of it. Rehearsals do not count. */
  readonly last: StatusRun | undefined;
  /**
   * The last night that has ended: a run of `sync` or `apply` with all users, whatever came of it. It was not killed: that is noted by the next run
   * only.
   */
  readonly lastNight: StatusRun | undefined;
  /** The last night that sent everything that can be sent: also one with records that cannot be, such as invalid ones. */
  readonly lastComplete: StatusRun | undefined;
  /** Runs that are under way, or were killed, and what they have done so far. */
  readonly open: readonly { readonly run: string; readonly beganAt: string; readonly counts: AuditedRun["counts"] }[];
  /** The problems of the last run that had a report, and how many of them the one before had not. */
  readonly newProblems: number | undefined;
  readonly knownProblems: number | undefined;
  /** Whether no night has ended within {@link AuditStatusOptions.maxAgeMs}. */
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
 * How things stand according to an audit file. Only the lines about runs are read, and no ledger is opened, so it can be asked at any time.
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
    const facts = { run, origin, status, exitCode, code, requests, durationMs, counts: found.counts };
    return { ...facts, beganAt: beganAt(found), endedAt, ageMs: time - Date.parse(endedAt) };
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
    ...{ newProblems: told?.newProblems, knownProblems: told?.knownProblems, problems: told?.problems },
    ...{ leaversDue: known("leaversDue"), entries: known("entries") },
    tooOld: Number.isFinite(maxAgeMs) && !(lastNight && lastNight.ageMs <= maxAgeMs),
  };
}

function isRehearsal({ started, ended }: AuditedRun): boolean {
  return started?.origin === "verify" || ended?.testMode === true;
}

/** Whether it sent everything that can be sent. With `ignoreKnown` a run may end with 0 although some users failed. */
function hasSentAll({ status, exitCode, counts }: RunEndedLine): boolean {
  if (status !== "partial") return status === "complete";
  return exitCode === 5 || (exitCode === 0 && (counts.failed ?? 0) + (counts.incomplete ?? 0) === 0);
}

/** A retry, and a trial with some users, must not hide that the night did not happen. */
function isNight({ ended }: AuditedRun): boolean {
  if (ended?.origin !== "sync" && ended?.origin !== "apply") return false;
  return ended.status !== "killed" && (ended.counts.notSelected ?? 0) === 0;
}
