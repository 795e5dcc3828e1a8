import type { Outcome } from "../base/outcomes.ts";
import type { LedgerPlatform } from "../ledger/ledger.ts";
import type { AuditLine, RunEndedLine, RunPlannedLine, RunStartedLine } from "./line.ts";
import { readAudit } from "./read-audit.ts";

/** A run as its audit tells it. */
export interface AuditedRun {
  readonly run: string;
  readonly started?: RunStartedLine | undefined;
  readonly planned?: RunPlannedLine | undefined;
  /** Undefined for a run that is under way, or was killed and not followed by another one yet. */
  readonly ended?: RunEndedLine | undefined;
  /** How many users had which outcome. Of a run that has not ended: by the lines of its users so far. */
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

/** How many lines of users have which outcome. */
function countsOf(lines: Iterable<AuditLine>): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const line of lines) {
    if (line.event === "user") counts[line.outcome] = (counts[line.outcome] ?? 0) + 1;
  }
  return counts;
}

/** When a run began, ISO 8601: the time of its first line. */
export function beganAt({ started, planned, ended }: AuditedRun): string {
  return (started ?? planned ?? ended)?.time ?? "";
}

/** Whether a run is of a platform, or of one that is not known. An audit may have those of several targets. */
export function isOf({ started, planned }: AuditedRun, platform: LedgerPlatform | undefined): boolean {
  const its = planned?.platform ?? started?.platform;
  return !its || !platform || (its.baseUrl === platform.baseUrl && its.name === platform.name);
}
