/**
 * A cluster on this machine, without Docker: a nightly run brings 5,000 users to a fake Oplead, while webhook events for the
 * same users arrive through two receivers, calls fail, and workers are killed.
 *
 * `npm run demo:cluster -- --users 5000 --events 2000 --kills 3 --limit 250`
 */
import { execSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Cluster, openCluster } from "./cluster.ts";
import { phoneAt } from "./employees.ts";
import { eventsFor, send } from "./events.ts";
import { hasRedis, INSTALL_REDIS } from "./redis-server.ts";

const { values } = parseArgs({
  options: {
    users: { type: "string", default: "5000" },
    events: { type: "string", default: "2000" },
    kills: { type: "string", default: "3" },
    limit: { type: "string", default: "250" },
  },
});
const [users, events, kills, limit] = [values.users, values.events, values.kills, values.limit].map(Number) as [
  users: number,
  events: number,
  kills: number,
  limit: number,
];

const root = new URL("../../", import.meta.url);
// A fresh clone has no build, and the processes run the command of one.
if (!existsSync(new URL("dist/cli/main.js", root))) {
  execSync("npm run build", { cwd: fileURLToPath(root), stdio: ["ignore", "ignore", "inherit"] });
}

let close = async () => {};
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    console.error("\nStopping: ending every process.");
    await close();
    process.exit(1);
  });
}

process.exitCode = 1;
if (!hasRedis) {
  console.error(INSTALL_REDIS);
} else {
  try {
    const cluster = await openCluster({ users, limit }, (how) => {
      close = how;
    });
    if (await demonstrate(cluster)) process.exitCode = 0;
  } catch (error) {
    // A signal ends processes that the demonstration still waits for.
    if (!stopping) console.error(error);
  } finally {
    await close();
  }
}

async function demonstrate(cluster: Cluster): Promise<boolean> {
  const startedAt = performance.now();
  const { fake, queue } = cluster;
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  const count = (value: number) => value.toLocaleString("en");
  console.log("A fake Oplead, Redis, two receivers (oplead serve --queue) and three workers (oplead worker) run.");
  console.log(
    `A nightly run (oplead sync --queue) brings ${count(users)} users, while ${count(events)} events arrive.\n`,
  );

  let [accepted, killed] = [0, 0];
  const showing = setInterval(() => {
    const done = `${count(fake.users.length)} of ${count(users)} users, ${count(accepted)} of ${count(events)} events`;
    console.log(
      `${String(seconds()).padStart(4)} s  ${done}, ${count(fake.requests.length)} requests, ${killed} workers killed`,
    );
  }, 5_000);
  try {
    const versions = eventsFor(users, events);
    // Most users cost two requests: Oplead is asked for the account number first.
    const forMs = ((users * 2) / limit) * 1_000;
    const sending = send(versions, { ...cluster, forMs, onAccepted: () => accepted++ });
    const work = Promise.all([sending, runUntilComplete(cluster)]);
    // Ctrl-C may end it before it is awaited below. Unhandled, that would end this process before it has ended Redis.
    work.catch(() => {});
    for (let at = 0; at < kills; at += 1) {
      const from = ((at + 1) / (kills + 1)) * users;
      while (fake.users.length < from) await sleep(100);
      await cluster.killWorker(at % 3);
      killed += 1;
    }
    const [{ repeated }, runs] = await work;
    let left = await queue.status();
    for (let tries = 0; tries < 300 && left.waiting + left.active + left.delayed + left.inbox > 0; tries += 1) {
      await sleep(200);
      left = await queue.status();
    }
    const newest = new Map<string, number>();
    for (const { index, version } of versions)
      newest.set(`E-${index}`, Math.max(version, newest.get(`E-${index}`) ?? 1));
    const old = fake.users.filter(
      ({ accountNumber, phone }) => phone !== phoneAt(newest.get(accountNumber ?? "") ?? 1),
    );
    const faults = fake.requests.filter(({ fault }) => fault !== undefined).length;
    const unfinished = left.waiting + left.active + left.delayed + left.failed + left.inbox;
    const duplicates = fake.duplicates().length;
    const lines: [string, string][] = [
      ["users on the server", `${count(fake.users.length)} of ${count(users)}`],
      ["duplicates", count(duplicates)],
      ["accounts not at their newest version", count(old.length)],
      ["jobs and users left in the queue", count(unfinished)],
      ["requests", `${count(fake.requests.length)}, of which ${count(faults)} failed and were retried`],
      ["requests per second at most", `${count(cluster.mostInASecond())} (the limit is ${count(limit)})`],
      ["workers killed", count(killed)],
      ["events", `${count(accepted)} accepted, ${count(repeated)} repeated by the sender`],
      ["nightly runs", runs.join(", then ")],
      ["time", `${seconds()} s`],
    ];
    console.log(`\n${lines.map(([what, value]) => `  ${what.padEnd(38)} ${value}`).join("\n")}\n`);
    return fake.users.length === users && duplicates + old.length + unfinished === 0;
  } finally {
    clearInterval(showing);
  }
}

/** The nightly run, started again as a scheduler would until one has brought everything. */
async function runUntilComplete(cluster: Cluster): Promise<string[]> {
  const statuses: string[] = [];
  for (let tries = 0; tries < 5; tries += 1) {
    const { code, stdout } = await cluster.nightly();
    const { status } = JSON.parse(stdout || "{}") as { status?: string };
    statuses.push(status ?? `exit code ${code}`);
    if (code === 0) break;
  }
  return statuses;
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
