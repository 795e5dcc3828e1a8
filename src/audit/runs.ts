import type { LedgerPlatform } from "../ledger/ledger.ts";
import type { RunEndedLine, RunPlannedLine, RunStartedLine } from "./line.ts";
import { readAudit } from "./read-audit.ts";

/** A run as its audit tells it. */
export interface AuditedRun {
  readonly run: string;
  readonly started?: RunStartedLine | undefined;
  readonly planned?: RunPlannedLine | undefined;
  /** Undefined for a run that is under way, or was killed and not followed by another one yet. */
  readonly ended?: RunEndedLine | undefined;
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
    runs.set(line.run, { ...runs.get(line.run), run: line.run, [name]: line });
  }
  return [...runs.values()].sort((a, b) => {
    const [one, other] = [beganAt(a), beganAt(b)];
    return one < other ? -1 : one > other ? 1 : 0;
  });
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
