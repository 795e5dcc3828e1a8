import { createOplead } from "../../src/index.ts";
import { fileLedger, syncUsers } from "../../src/sync/index.ts";
import { fiveRules, users } from "./sync-users.ts";

const [, , baseUrl = "", path = "", count = "0"] = process.argv;

const oplead = createOplead({
  baseUrl,
  token: "fake-token",
  rateLimit: { requests: 1e6, perMs: 1000 },
  retry: { attempts: 8, baseMs: 1, maxMs: 5 },
});
const ledger = fileLedger(path);
await syncUsers(oplead, {
  source: users(Number(count)),
  map: (user) => ({ user, rules: fiveRules }),
  ledger,
  guard: false,
});
await ledger.close();
