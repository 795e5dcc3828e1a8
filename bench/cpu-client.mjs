// One client in one process: told what to run, it answers with the time that took.
import { clients } from "./clients.mjs";
import { answer } from "./lib/process.mjs";
import { sampleUser } from "./sample-user.mjs";

const [name = "", baseUrl = ""] = process.argv.slice(2);
const ready = clients[name]?.(baseUrl);

/** More accounts than calls in flight, so that no client has a reason to wait for itself. */
const accounts = (/** @type {string} */ prefix) =>
  Array.from({ length: 256 }, (_, index) => sampleUser(`${prefix}-${String(index).padStart(4, "0")}`));
const users = { known: accounts("ACCOUNT"), new: accounts("NEW") };
const expected = { known: "updated", new: "created" };

answer(async (/** @type {import("./cpu.mjs").Turn} */ { scenario, concurrency, calls }) => {
  if (!ready) throw new Error(`no such client: ${name}`);
  const upsert = await ready;
  let next = 0;
  const worker = async () => {
    while (next < calls) {
      const user = users[scenario][next++ % 256];
      const outcome = user && (await upsert(user));
      if (outcome !== expected[scenario]) throw new Error(`${name}: ${outcome} where ${expected[scenario]} was due`);
    }
  };
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const { user, system } = process.cpuUsage(cpuStart);
  return { cpuUs: (user + system) / calls, wallUs: ((performance.now() - start) * 1000) / calls };
});
