// The same night with oplead-sdk. node with-sdk.mjs USERS.json
import { readFile } from "node:fs/promises";
import { createOplead } from "oplead-sdk";
import { fileLedger, planSync } from "oplead-sdk/sync";

const oplead = createOplead({ rateLimit: { requests: Number(process.env.PER_SECOND ?? 10), perMs: 1000 } });
const ledger = fileLedger(process.env.STATE_FILE ?? "oplead-ledger");
const source = JSON.parse(await readFile(process.argv[2], "utf8"));
const plan = await planSync(oplead, { source, map: (record) => record, ledger });
const report = await plan.apply({ approve: plan.hash }); // the first night
await ledger.close();
console.log(await report.render("text"));
process.exitCode = report.exitCode;
