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
}

const ledger = fileLedger(path, { ledgerKey });
collectGarbage();
const { heapUsed: heapBefore } = process.memoryUsage();
const report = await syncUsers(createOplead({ baseUrl, token: "fake-token" }), {
  source,
  map: (number: number) => ({ user: user(number), rules: fiveRules }),
  ledger,
});
await ledger.close();
console.log(
  JSON.stringify({
    status: report.status,
    unchanged: report.counts.unchanged,
    heapPerUser: Math.round(heapBytes / Number(count)),
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
