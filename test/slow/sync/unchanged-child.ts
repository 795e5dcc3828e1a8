/** A whole run over a source in which nothing has changed, alone in a process so that its memory can be measured. */
import { createOplead } from "../../../src/index.ts";
import { fileLedger, syncUsers } from "../../../src/sync/index.ts";
import { fiveRules, user } from "../../support/sync-users.ts";

const [, , baseUrl = "", path = "", count = "0", withRules = ""] = process.argv;

async function* source() {
  for (let number = 0; number < Number(count); number += 1) yield number;
}

const ledger = fileLedger(path);
const startedAt = performance.now();
const report = await syncUsers(createOplead({ baseUrl, token: "fake-token" }), {
  source,
  map: (number: number) => ({ user: user(number), ...(withRules === "rules" && { rules: fiveRules }) }),
  ledger,
});
await ledger.close();
console.log(
  JSON.stringify({
    status: report.status,
    unchanged: report.counts.unchanged,
    ms: Math.round(performance.now() - startedAt),
    cpuMs: Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1000),
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
