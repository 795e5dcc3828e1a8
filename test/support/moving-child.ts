import { createOplead } from "../../src/index.ts";
import { fileLedger, moveUsers, syncUsers } from "../../src/sync/index.ts";
import { moved, moves } from "./moving.ts";

const [, , baseUrl = "", path = "", count = "0"] = process.argv;

const oplead = createOplead({ baseUrl, token: "fake-token", rateLimit: { requests: 1e6, perMs: 1000 } });
const ledger = fileLedger(path);
await ledger.getInfo();
process.send?.("open");
await moveUsers(ledger, moves(Number(count)));
await syncUsers(oplead, { source: moved(Number(count)), map: (user) => ({ user }), ledger, guard: false });
await ledger.close();
