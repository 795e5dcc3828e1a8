import { readAudit } from "oplead-sdk/sync";

const FAILED: ReadonlySet<string> = new Set(["failed", "incomplete", "skipped"]);

/**
 * The account numbers that the newest run with users could not send; undefined if there was none. A rehearsal does not count, nor a run that read a
 * file in place of the source: the source says something else of its users.
 */
export function lastFailures(
  file: string,
): { readonly run: string; readonly accountNumbers: readonly string[] } | undefined {
  let newest: { readonly run: string; readonly time: string } | undefined;
  const outcomes = new Map<string, string>();
  const ofFiles = new Set<string>();
  for (const line of readAudit(file)) {
    if (line.event === "run_planned" && line.sourceFile !== undefined) ofFiles.add(line.run);
    if (line.event !== "user" || line.run === undefined || line.testMode || line.recovered) continue;
    if (ofFiles.has(line.run)) continue;
    const { run, time, accountNumber, outcome } = line;
    if (run !== newest?.run) {
      if (newest && time < newest.time) continue;
      newest = { run, time };
      outcomes.clear();
    }
    outcomes.set(accountNumber, outcome);
  }
  const accountNumbers = [...outcomes].filter(([, outcome]) => FAILED.has(outcome)).map(([name]) => name);
  return newest && { run: newest.run, accountNumbers };
}
