import type { ParametersOf } from "../base/texts/coded.ts";
import type { ALERTS } from "../base/texts/en/alerts.ts";
import type { FailedReport } from "../sync/types/failed-report.ts";
import type { SyncReport } from "../sync/types/report.ts";
import type { AlertConditions, AlertKind } from "./options.ts";

type Code = Exclude<AlertKind["code"], "sample">;

export interface Found {
  readonly code: AlertKind["code"];
  /** Tells the incidents of a code apart: a source that fails is another one than a ledger that fails. */
  readonly key: string;
  readonly parameters: AlertKind["parameters"];
  readonly accountNumbers: readonly string[];
  /** One whose mark is higher than what was kept of the last one is another one, and is told again. */
  readonly mark: number;
  readonly kept: number;
}

/** Users and milliseconds of a run that came to its end. */
export type RunFigures = readonly [users: number, durationMs: number];

/** The state of the incidents after a run. */
export interface Findings {
  readonly found: readonly Found[];
  /** Of which codes the run can tell that an incident is over. */
  readonly decided: ReadonlySet<string>;
  /** Undefined if the run did not come to its end. */
  readonly figures: RunFigures | undefined;
  /** Whether the night did its work, for a heartbeat. */
  readonly hasWorked: boolean;
}

/** With fewer runs nothing is usual yet. */
const ENOUGH_RUNS = 5;
/** Differences that are none, however small the usual figure is. */
const FEW_USERS = 10;
const SHORT_MS = 600_000;
const DAY_MS = 86_400_000;

/** Codes of a run that was ended by a signal. */
const ABORTED: ReadonlySet<string> = new Set(["aborted", "interrupted"]);

/** The option that switches a code off. */
const CONDITION_OF: Readonly<Record<Code, keyof AlertConditions>> = {
  refused: "refused",
  stopped: "stopped",
  failed: "failed",
  new_problems: "newProblems",
  many_invalid: "invalidShare",
  user_count: "userCount",
  long_run: "duration",
  leavers_due: "leaversDue",
  held_long: "heldDays",
};

export function isSwitchedOff(code: string, conditions: AlertConditions): boolean {
  return conditions[CONDITION_OF[code as Code]] === false;
}

/** The facts of a run that alerts need, beside the figures of earlier runs. */
export function findIncidents(
  ended: SyncReport | FailedReport,
  before: readonly RunFigures[],
  conditions: AlertConditions,
): Findings {
  const broken = brokenRun(ended);
  const hasEnded = "counts" in ended && (ended.status === "complete" || ended.status === "partial");
  const { found, undecided = [], figures } = hasEnded ? judge(ended, before, conditions) : { found: [] };
  const codes = Object.keys(CONDITION_OF).filter((code) => hasEnded && !undecided.includes(code));
  return {
    found: [...(broken ? [broken] : []), ...found].filter(({ code }) => !isSwitchedOff(code, conditions)),
    decided: new Set(codes),
    figures,
    hasWorked: !broken,
  };
}

/** A run that did not do its work. */
function brokenRun(ended: SyncReport | FailedReport): Found | undefined {
  if ("reason" in ended) {
    const { code, findings = [] } = ended.reason;
    if (ABORTED.has(code)) return incident("stopped", { reason: undefined }, { key: "aborted" });
    if (ended.status === "failed") return incident("failed", { code: plain(code) }, { key: plain(code) });
    return incident(
      "refused",
      { findings },
      {
        key:
          findings
            .map((one) => one.code)
            .sort()
            .join(" ") || plain(code),
      },
    );
  }
  const { status, stopReason, exitCode } = ended;
  if (status === "stopped" || status === "aborted") {
    return incident("stopped", { reason: stopReason }, { key: stopReason?.code ?? "aborted" });
  }
  return exitCode === 1 ? incident("failed", { code: "nothing_arrived" }, { key: "nothing_arrived" }) : undefined;
}

function judge(report: SyncReport, before: readonly RunFigures[], conditions: AlertConditions) {
  const { counts, invalid, held, missing, failures, newProblems: added, knownProblems: known, durationMs } = report;
  const { invalidShare = 0.05, userCount = 0.2, duration = 3, heldDays = 14 } = conditions;
  const startedAt = Date.parse(report.startedAt);
  const users = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const [usual, usualMs] = [0, 1].map((at) => median(before.map((figures) => figures[at] ?? 0))) as [number, number];
  const isKnown = before.length >= ENOUGH_RUNS;
  const due = missing.filter(({ state }) => state === "due");
  const long = held.filter(({ since }) => startedAt - Date.parse(since) > Number(heldDays) * DAY_MS);
  const found: Found[] = [];
  if (added > 0) {
    // Which of them are new, the report does not say.
    const all = [...failures, ...invalid, ...report.duplicates, ...held].map(({ accountNumber }) => accountNumber);
    // A run at the same time on another machine finds the same.
    const marks = { mark: startedAt, kept: startedAt + durationMs };
    found.push(incident("new_problems", { added, known }, { names: known > 0 ? [] : all, ...marks }));
  }
  if (invalid.length > Number(invalidShare) * users) {
    const facts = { invalid: invalid.length, records: users, limit: Number(invalidShare) };
    found.push(incident("many_invalid", facts, { names: invalid.map(({ accountNumber }) => accountNumber) }));
  }
  if (isKnown && Math.abs(users - usual) > Math.max(Number(userCount) * usual, FEW_USERS)) {
    found.push(incident("user_count", { users, usual }));
  }
  if (isKnown && durationMs > Math.max(Number(duration) * usualMs, usualMs + SHORT_MS)) {
    found.push(incident("long_run", { durationMs, usualMs }));
  }
  if (due.length > 0) {
    const [names, mark] = [due.map(nameOf), latest(due.map(({ missingSince }) => missingSince))];
    found.push(incident("leavers_due", { users: due.length }, { names, mark }));
  }
  if (long.length > 0) {
    const [names, mark] = [[...new Set(long.map(nameOf))], latest(long.map(({ since }) => since))];
    found.push(incident("held_long", { users: names.length, days: Number(heldDays) }, { names, mark }));
  }
  const undecided: string[] = [];
  if (known > 0) undecided.push("new_problems");
  // One that was sent again and refused again is a failure of this run, and held in the next.
  if (failures.some((failure) => failure.held)) undecided.push("held_long");
  return { found, undecided, figures: [users, durationMs] as const };
}

interface More {
  readonly key?: string;
  readonly names?: readonly (string | undefined)[];
  readonly mark?: number;
  readonly kept?: number;
}

function incident<C extends Code>(code: C, parameters: ParametersOf<typeof ALERTS, C>, more: More = {}): Found {
  const { key = "", names = [], mark = 0, kept = mark } = more;
  const accountNumbers = [...new Set(names.filter((name) => name !== undefined))];
  return { code, key: `${code} ${key}`, parameters: parameters as Found["parameters"], accountNumbers, mark, kept };
}

function nameOf({ accountNumber }: { readonly accountNumber: string }): string {
  return accountNumber;
}

function latest(times: readonly string[]): number {
  return Math.max(...times.map((time) => Date.parse(time)));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** A code that comes from elsewhere, as a code. */
function plain(code: string): string {
  return /^\w{1,60}$/.test(code) ? code : "unexpected";
}
