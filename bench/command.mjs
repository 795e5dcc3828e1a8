// The command as whole processes: `--help`, and `plan` over users that have not changed. Needs a build; sends nothing anywhere.
//
//     node bench/command.mjs [--users 1000,20000] [--rounds 9] [--peers FOLDER]
//
// --peers: a folder in whose node_modules drizzle-kit, prisma and wrangler are installed, to measure their --help beside it. The CPU
// time of wrangler is not comparable: it works in a second process, which is not counted.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    users: { type: "string", default: "1000,20000" },
    rounds: { type: "string", default: "9" },
    peers: { type: "string" },
  },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const main = join(root, "dist/cli/main.js");
const hook = fileURLToPath(new URL("lib/usage-hook.cjs", import.meta.url));
const rounds = Number(values.rounds);

const folder = await mkdtemp(join(tmpdir(), "oplead-bench-"));
process.once("exit", () => spawnSync("rm", ["-rf", folder]));
await mkdir(join(folder, "node_modules"));
await symlink(root, join(folder, "node_modules/oplead-sdk"));

const bare = measure(["-e", "0"]);
show("bare Node", bare);
show("oplead --help", measure([main, "--help"]), bare);
const PEERS = { "drizzle-kit": "bin.cjs", prisma: "build/index.js", wrangler: "bin/wrangler.js" };
for (const [name, bin] of Object.entries(PEERS)) {
  const file = join(values.peers ?? "", "node_modules", name, bin);
  if (values.peers && existsSync(file)) show(`${name} --help`, measure([file, "--help"]), bare);
}
for (const users of values.users.split(",").map(Number)) {
  await seed(users);
  const plan = measure([main, "plan", "--quiet", "--config", `config-${users}.mjs`]);
  show(`oplead plan, ${users.toLocaleString("en")} unchanged users`, plan, bare);
}
await rm(folder, { recursive: true, force: true });

/** @typedef {{ wallMs: number, cpuMs: number, peakMiB: number }} Usage */

/**
 * The medians of some runs of one process.
 * @param {string[]} args
 * @returns {Usage}
 */
function measure(args) {
  /** @type {Usage[]} */
  const runs = [];
  for (let round = 0; round <= rounds; round += 1) {
    const startedAt = performance.now();
    const run = spawnSync(process.execPath, ["--require", hook, ...args], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe", "pipe"],
      env: { ...process.env, OPLEAD_TOKEN: "bench", OPLEAD_BASE_URL: "http://127.0.0.1:9" },
    });
    const wallMs = performance.now() - startedAt;
    if (run.status !== 0) throw new Error(`${args.join(" ")} ended with ${run.status}: ${run.stderr}`);
    // The first fills the caches of the disk.
    if (round > 0) runs.push({ wallMs, ...JSON.parse(String(run.output[3])) });
  }
  const median = (/** @type {keyof Usage} */ name) =>
    runs.map((run) => run[name]).sort((a, b) => a - b)[Math.floor(runs.length / 2)] ?? Number.NaN;
  return { wallMs: median("wallMs"), cpuMs: median("cpuMs"), peakMiB: median("peakMiB") };
}

/**
 * @param {string} title
 * @param {Usage} usage
 * @param {Usage} [than]
 */
function show(title, { wallMs, cpuMs, peakMiB }, than) {
  const over = than
    ? `, over bare Node: ${(wallMs - than.wallMs).toFixed(0)} ms (${(cpuMs - than.cpuMs).toFixed(0)} ms CPU)`
    : "";
  console.log(
    `${title.padEnd(42)} ${wallMs.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms CPU, ${peakMiB.toFixed(0)} MiB${over}`,
  );
}

/**
 * A CSV file, and a file ledger that says that Oplead has all of it: made by a run against a `fetch` that accepts everything.
 * @param {number} users
 */
async function seed(users) {
  const rows = Array.from({ length: users }, (_, i) => `DLR-${i},Martin ${i},p${i}@dealers.example,29200,30\n`);
  await writeFile(join(folder, `${users}.csv`), `ref,name,email,zip,radius\n${rows.join("")}`);
  const config = join(folder, `config-${users}.mjs`);
  await writeFile(config, configText(users));
  const { default: options } = await import(config);
  const { createOplead } = await import(join(root, "dist/index.js"));
  const { fileLedger, memoryLedger, planSync } = await import(join(root, "dist/sync.js"));
  let id = 100_000;
  const fetch = async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
    if (init.method === "GET") return Response.json([{ code: "PRF", label: "Dealer" }]);
    if (init.method === "PUT" && !url.includes("/rule/")) return Response.json({ code: "UNKNOWN" }, { status: 404 });
    if (init.method === "PUT") return Response.json({});
    id += 1;
    return Response.json({ ...JSON.parse(String(init.body)), id: String(id) }, { status: 201 });
  };
  const oplead = createOplead({
    token: "bench",
    baseUrl: "http://127.0.0.1:9",
    fetch,
    rateLimit: false,
    maxConcurrency: 50,
  });
  const memory = memoryLedger();
  const { source, map } = options;
  const plan = await planSync(oplead, { source, map, ledger: memory, guard: false, checks: false });
  const report = await plan.apply();
  if (report.status !== "complete") throw new Error(String(report));
  // Written many at a time: the run itself would wait for the disk after each user.
  const ledger = fileLedger(join(folder, `ledger-${users}`));
  const entries = memory.entries();
  const copy = async () => {
    for await (const [accountNumber, entry] of { [Symbol.asyncIterator]: () => entries })
      await ledger.set(accountNumber, entry);
  };
  await Promise.all(Array.from({ length: 100 }, copy));
  await ledger.setInfo?.(await memory.getInfo?.());
  await ledger.close();
}

/** @param {number} users */
function configText(users) {
  return `import { csvSource } from "oplead-sdk/config";
export default {
  client: {},
  source: csvSource(${JSON.stringify(join(folder, `${users}.csv`))}),
  ledger: "./ledger-${users}",
  map: (row) => ({
    user: { accountNumber: row.ref, civility: "Mme", lastname: row.name, login: row.email, email: row.email,
      profile: { code: "PRF" }, address: { zipCode: row.zip, city: "Brest", country: { code: "FR" } } },
    rules: { maxDistance: Number(row.radius) },
  }),
};
`;
}
