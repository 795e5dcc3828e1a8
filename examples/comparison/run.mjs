// node examples/comparison/run.mjs [--save]: both programs against a fake Oplead that fails, side by side. Run `npm run build` first.
// --save writes results.json; `npx tsx examples/comparison/page.ts` then writes the table of docs/explain/comparison.md.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createFakeOplead } from "../../dist/testing.js";

const folder = fileURLToPath(new URL("./", import.meta.url));
const USERS = 200;
const PER_SECOND = 100;
/** Each hits this share of the requests; together 30 %. */
const SHARE = 1 - 0.7 ** (1 / 6);
/** In the order in which the fake draws them. */
const FAULTS = [
  { as: { status: 503 } },
  { as: { gateway: 502 } },
  { as: { status: 429, retryAfter: 1 } },
  { as: "reset" },
  { as: "reset", when: "after" },
  { as: { gateway: 504 }, when: { lateMs: [1000, 4000] } },
];
const SEEDS = [1, 2, 3];

function source() {
  return Array.from({ length: USERS }, (_, number) => ({
    user: {
      accountNumber: `DLR-${number}`,
      civility: "Mme",
      lastname: `Nom ${number}`,
      login: `login-${number}`,
      email: `dealer-${number}@dealers.example`,
      profile: { code: "PRF_NETWORK" },
      address: { zipCode: "75001", city: "Paris", country: { code: "FR" } },
    },
    rules: { maxDistance: 10 + (number % 50), profileTypes: ["pro"] },
  }));
}

function node(file, args, env) {
  const options = { cwd: folder, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file, ...args], options);
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        text += chunk;
      });
    }
    child.on("close", (exit) => resolve({ exit, text }));
  });
}

/** A first night with faults, and a second one without them. */
async function nights(program, uniqueAccountNumbers, seed) {
  const fake = createFakeOplead({ uniqueAccountNumbers });
  const listener = await fake.listen();
  const temporary = mkdtempSync(join(tmpdir(), "oplead-comparison-"));
  const users = join(temporary, "users.json");
  writeFileSync(users, JSON.stringify(source()));
  const env = {
    OPLEAD_BASE_URL: listener.url,
    OPLEAD_TOKEN: "fake-token",
    PER_SECOND: String(PER_SECOND),
    STATE_FILE: join(temporary, "state"),
  };
  const faults = FAULTS.map((fault, index) => fake.fail({ ...fault, share: SHARE, seed: seed * 100 + index }));
  const began = Date.now();
  const first = await node(program, [users], env);
  const seconds = Math.round((Date.now() - began) / 100) / 10;
  const requests = fake.requests.length;
  const hit = fake.requests.filter(({ fault }) => fault).length;
  await fake.settled();
  const after = resultOf(fake);
  for (const fault of faults) fault.remove();
  const second = await node(program, [users], env);
  await fake.settled();
  const result = { exit: first.exit, ...after, requests, hit: Math.round((100 * hit) / requests), seconds };
  const again = { exit: second.exit, ...resultOf(fake), requests: fake.requests.length - requests };
  await listener.close();
  rmSync(temporary, { recursive: true, force: true });
  return { first: result, second: again };
}

/** `complete`: exactly one user, with the rules that the source has. */
function resultOf(fake) {
  const doubled = fake.duplicates().length;
  const arrived = source().filter(({ user }) => fake.user(user.accountNumber)).length;
  const wrongRules = source().filter(
    ({ user, rules }) => fake.user(user.accountNumber) && !hasRules(fake.rules(user.accountNumber), rules),
  ).length;
  return { arrived, doubled, wrongRules, complete: arrived - doubled - wrongRules };
}

function hasRules(found, { maxDistance, profileTypes }) {
  return found.maxDistance?.maxDistance === maxDistance && found.profileTypes?.join() === profileTypes.join();
}

if (!existsSync(join(folder, "node_modules/p-queue"))) {
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
const link = join(folder, "node_modules/oplead-sdk");
if (!existsSync(link)) symlinkSync(fileURLToPath(new URL("../..", import.meta.url)), link, "dir");

const runs = [];
for (const uniqueAccountNumbers of [true, false]) {
  for (const program of ["by-hand.mjs", "with-sdk.mjs"]) {
    for (const seed of SEEDS) {
      const run = { program, uniqueAccountNumbers, seed, ...(await nights(program, uniqueAccountNumbers, seed)) };
      console.log(JSON.stringify(run));
      runs.push(run);
    }
  }
}
const results = { node: process.version, users: USERS, perSecond: PER_SECOND, seeds: SEEDS, runs };
if (process.argv.includes("--save")) {
  writeFileSync(join(folder, "results.json"), `${JSON.stringify(results, undefined, 2)}\n`);
}
