// Started again, as by a scheduler, until a run is complete.
import "./storm-clock.ts";
import { planSync } from "../../../src/sync/index.ts";
import { nightlyVersions, openParts, settingsOfChild, stateOf } from "./storm-parts.ts";

const settings = settingsOfChild();
const { redis, queue, oplead, ledger } = openParts(settings);
const source = nightlyVersions(settings).map((version, number) => ({ number, version }));
const map = ({ number, version }: { number: number; version: number }) => stateOf(number, version);
const outcomes: string[] = [];
for (;;) {
  try {
    const plan = await planSync(oplead, { source, map, ledger, guard: false });
    const report = await plan.apply({ queue });
    outcomes.push(`${report.status} ${JSON.stringify(report.counts)}`);
    // A user changed since the plan is left to the next run.
    if (report.status === "complete" && plan.changes.length === 0) break;
  } catch (error) {
    outcomes.push((error as { code?: string }).code ?? String(error));
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}
console.log(`done ${outcomes.join("; ")}`);
await queue.close();
redis.disconnect();
