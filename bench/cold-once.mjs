// A short life: import one library, create its client, upsert one user, end by itself.
import { clients } from "./clients.mjs";
import { sampleUser } from "./sample-user.mjs";

const [name = "", baseUrl = ""] = process.argv.slice(2);
const client = clients[name];
if (!client) throw new Error(`no such client: ${name}`);
const upsert = await client(baseUrl);
const outcome = await upsert(sampleUser("ACCOUNT-0001"));
if (outcome !== "updated") throw new Error(`${name}: ${outcome}`);
