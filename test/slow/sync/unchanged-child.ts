// A process of its own, to measure its memory.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createOplead } from "../../../src/index.ts";
import { fileLedger, syncUsers } from "../../../src/sync/index.ts";
import { fiveRules, user } from "../../support/sync-users.ts";

const [, , baseUrl = "", path = "", count = "0", ledgerKey] = process.argv;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

let heapBytes = 0;
async function* source() {
  for (let number = 0; number < Number(count); number += 1) yield number;
  // Planning uses the most memory now.
  collectGarbage();
  heapBytes = process.memoryUsage().heapUsed - heapBefore;
  before = process.cpuUsage();
}

const ledger = fileLedger(path, { ledgerKey });
collectGarbage();
const { heapUsed: heapBefore } = process.memoryUsage();
// Processor time: other processes take their share of the clock.
let blockMs = 0;
let before = process.cpuUsage();
const timer = setInterval(() => {
  const { user, system } = process.cpuUsage(before);
  blockMs = Math.max(blockMs, (user + system) / 1000);
  before = process.cpuUsage();
}, 1);
const startedAt = performance.now();
const report = await syncUsers(createOplead({ baseUrl, token: "fake-token" }), {
  source,
  map: (number: number) => ({ user: user(number), rules: fiveRules }),
  ledger,
});
clearInterval(timer);
await ledger.close();
console.log(
  JSON.stringify({
    status: report.status,
    unchanged: report.counts.unchanged,
    ms: Math.round(performance.now() - startedAt),
    cpuMs: Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1000),
    blockMs: Math.round(blockMs),
    heapPerUser: Math.round(heapBytes / Number(count)),
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
