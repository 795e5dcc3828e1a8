// The command as whole processes: `--help` beside drizzle-kit, prisma and wrangler, and `plan` over users that have not changed.
// Needs a build; sends nothing anywhere.
//
//     node bench/command.mjs [--users 1000,20000,200000] [--rounds 9] [--peers FOLDER] [--save]
//
// --peers: a folder for the other commands, which are installed there if they are missing (186 packages, 470 MB). --save: writes the
// result into bench/results.json, beside what it does not measure this time. The CPU time of wrangler is not comparable: it works in a second process, which is not counted.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machine, npm } from "./lib/setup.mjs";

const { values } = parseArgs({
  options: {
    users: { type: "string", default: "1000,20000,200000" },
    rounds: { type: "string", default: "9" },
    peers: { type: "string" },
    save: { type: "boolean", default: false },
  },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const main = join(root, "dist/cli/main.js");
const hook = fileURLToPath(new URL("lib/usage-hook.cjs", import.meta.url));
const rounds = Number(values.rounds);

/** The newest that run on Node 20. Not in bench/package.json, because no other part needs them and they are large. */
const PEERS = {
  "drizzle-kit": { version: "0.31.11", bin: "bin.cjs" },
  prisma: { version: "7.10.1", bin: "build/index.js" },
  wrangler: { version: "4.86.0", bin: "bin/wrangler.js" },
};

const folder = await mkdtemp(join(tmpdir(), "oplead-bench-"));
process.once("exit", () => spawnSync("rm", ["-rf", folder]));
await mkdir(join(folder, "node_modules"));
await symlink(root, join(folder, "node_modules/oplead-sdk"));

/** @typedef {{ wallMs: number, cpuMs: number, peakMiB: number }} Usage */

/** What else runs on the machine slows a bare Node as well. So much slower than the fastest one is still taken for a quiet moment. */
const QUIET = 1.2;
const BARE = ["-e", "0"];
let fastestBareMs = Number.POSITIVE_INFINITY;
const help = measure({ oplead: [main, "--help"], ...peerHelps() });
for (const [name, usage] of Object.entries(help)) show(`${name} --help`, usage);
/** @type {Record<string, Usage>} */
const plan = {};
for (const users of values.users.split(",").map(Number)) {
  await seed(users);
  const args = [main, "plan", "--quiet", "--config", `config-${users}.mjs`];
  Object.assign(plan, measure({ [users]: args }));
  show(`oplead plan, ${users.toLocaleString("en")} unchanged users`, plan[users]);
}
if (values.save) {
  const file = new URL("results.json", import.meta.url);
  const saved = JSON.parse(readFileSync(file, "utf8"));
  const { command = {} } = saved;
  saved.command = { machine: machine(), help: { ...command.help, ...help }, plan: { ...command.plan, ...plan } };
  writeFileSync(file, `${JSON.stringify(saved, null, 2)}\n`);
}
await rm(folder, { recursive: true, force: true });

/** @returns {Record<string, string[]>} */
function peerHelps() {
  if (!values.peers) return {};
  const peers = resolve(values.peers);
  if (!Object.keys(PEERS).every((name) => existsSync(join(peers, "node_modules", name)))) {
    mkdirSync(peers, { recursive: true });
    const wanted = Object.entries(PEERS).map(([name, { version }]) => `${name}@${version}`);
    npm(["install", "--prefix", peers, "--ignore-scripts", "--no-audit", "--no-fund", ...wanted], peers);
  }
  return Object.fromEntries(
    Object.entries(PEERS).map(([name, { bin }]) => [name, [join(peers, "node_modules", name, bin), "--help"]]),
  );
}

/**
 * What processes take more than a bare Node, each measured between two of them in every round: the medians of the quietest rounds.
 * Rounds go on until enough were quiet, or there were ten times as many. The peak of memory is the process's own.
 * @param {Record<string, string[]>} processes
 * @returns {Record<string, Usage>}
 */
function measure(processes) {
  const names = Object.keys(processes);
  /** @type {Record<string, { bareMs: number, usage: Usage }[]>} */
  const runs = Object.fromEntries(names.map((name) => [name, []]));
  const quietOnes = (/** @type {string} */ name) => {
    const sorted = (runs[name] ?? []).slice().sort((a, b) => a.bareMs - b.bareMs);
    return sorted.filter(({ bareMs }) => bareMs <= QUIET * fastestBareMs);
  };
  // The first fills the caches of the disk.
  for (const name of names) run(processes[name] ?? []);
  for (let round = 0; round < 10 * rounds; round += 1) {
    const open = names.filter((name) => quietOnes(name).length < rounds);
    if (open.length === 0) break;
    for (const name of open) {
      const [before, own, after] = [run(BARE), run(processes[name] ?? []), run(BARE)];
      fastestBareMs = Math.min(fastestBareMs, before.wallMs, after.wallMs);
      const bareMs = (before.wallMs + after.wallMs) / 2;
      const usage = {
        wallMs: own.wallMs - bareMs,
        cpuMs: own.cpuMs - (before.cpuMs + after.cpuMs) / 2,
        peakMiB: own.peakMiB,
      };
      runs[name]?.push({ bareMs, usage });
    }
  }
  return Object.fromEntries(
    names.map((name) => {
      const quiet = quietOnes(name).slice(0, rounds);
      if (quiet.length < rounds)
        console.log(`${name}: the machine was busy, only ${quiet.length} of ${runs[name]?.length} rounds were quiet`);
      return [name, medians(quiet.map(({ usage }) => usage))];
    }),
  );
}

/**
 * @param {string[]} args
 * @returns {Usage}
 */
function run(args) {
  const startedAt = performance.now();
  const child = spawnSync(process.execPath, ["--require", hook, ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    env: { ...process.env, OPLEAD_TOKEN: "bench", OPLEAD_BASE_URL: "http://127.0.0.1:9" },
  });
  const wallMs = performance.now() - startedAt;
  if (child.status !== 0) throw new Error(`${args.join(" ")} ended with ${child.status}: ${child.stderr}`);
  return { wallMs, ...JSON.parse(String(child.output[3])) };
}

/**
 * @param {Usage[]} usages
 * @returns {Usage}
 */
function medians(usages) {
  const median = (/** @type {keyof Usage} */ name) => {
    const sorted = usages.map((usage) => usage[name]).sort((a, b) => a - b);
    return Math.round((sorted[Math.floor(sorted.length / 2)] ?? Number.NaN) * 10) / 10;
  };
  return { wallMs: median("wallMs"), cpuMs: median("cpuMs"), peakMiB: median("peakMiB") };
}

/**
 * @param {string} title
 * @param {Usage | undefined} usage
 */
function show(title, usage) {
  const { wallMs, cpuMs, peakMiB } = usage ?? { wallMs: 0, cpuMs: 0, peakMiB: 0 };
  console.log(
    `${title.padEnd(42)} over bare Node: ${wallMs.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms CPU; peak ${peakMiB.toFixed(0)} MiB`,
  );
}

/** @param {number} users */
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
  if (report.status !== "complete") throw new Error(await report.render("text"));
  // Written many at a time: the run itself would wait for the disk after each user.
  const ledger = fileLedger(join(folder, `ledger-${users}`));
  const entries = memory.entries();
  const copy = async () => {
    for await (const [accountNumber, entry] of { [Symbol.asyncIterator]: () => entries })
      await ledger.replace(accountNumber, 0, entry);
  };
  await Promise.all(Array.from({ length: 100 }, copy));
  await ledger.setInfo(await memory.getInfo());
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
