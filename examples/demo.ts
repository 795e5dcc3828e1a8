/**
 * Three hundred dealers arrive in a fake Oplead over real HTTP, while a few per cent of the calls fail in every way that
 * calls fail. Then the same once more in test mode, after which nothing has changed. Then as a nightly batch: a plan, an
 * apply, and a second night without a single call. At the end a report of what the dealers' rules cover.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOplead, type HookEnd, type HookEvent, type Oplead, type UserInput, type WriteResult } from "oplead-sdk";
import { coverage } from "oplead-sdk/coverage";
import { locate } from "oplead-sdk/coverage/france";
import { among, memoryLedger, planSync, syncUsers } from "oplead-sdk/sync";
import { createFakeOplead, realCountries } from "oplead-sdk/testing";
import { readDealers, readNetwork, universe } from "./dealers.ts";
import { makeUnreliable } from "./unreliable.ts";

const dealers = readDealers();
const fake = createFakeOplead({ countries: realCountries() });
const server = await fake.listen();
let retries = 0;
async function countRetry(_event: HookEvent, next: () => Promise<HookEnd>): Promise<void> {
  const { retryInMs } = await next();
  if (retryInMs !== undefined) retries += 1;
}
const options = {
  token: "fake-token",
  baseUrl: server.url,
  rateLimit: { requests: 250, perMs: 1000 },
  // Long enough for a busy machine, because the only faults should be those that the fake is asked for.
  timeoutMs: 500,
  retry: { attempts: 6, baseMs: 10 },
  hooks: { around: countRetry },
};

console.log(
  `A fake Oplead listens at ${server.url}. ${dealers.length} dealers, three levels, real French addresses.\n`,
);
const makeReliable = makeUnreliable(fake, 0.01);
fake.delay({ ms: 2 });
fake.limit({ requests: 300, perMs: 1000 });
const results = await deliver(createOplead(options), "Delivering");
summarise(results);
assert.equal(fake.users.length, dealers.length, "a dealer is missing or twice");
assert.deepEqual(fake.duplicates(), [], "a dealer is there twice");
for (const { accountNumber, address } of dealers) {
  assert.deepEqual(fake.user(accountNumber ?? "")?.address, address, `${accountNumber} has another address`);
}

console.log("\nThe same in test mode: Oplead runs all its logic and persists nothing.\n");
const before = structuredClone(fake.users);
const changed = dealers.map((dealer) => ({ ...dealer, company: "Changed in test mode only" }));
retries = 0;
summarise(await deliver(createOplead({ ...options, testMode: true }), "In test mode", changed));
assert.deepEqual(fake.users, before, "test mode has changed a dealer");
console.log(`  the store:  ${fake.users.length} users, not one changed`);

console.log("\nAs a nightly batch: what would be done, what was done, and the night after.\n");
const ledger = memoryLedger();
const night = { source: dealers, ledger, map: (user: UserInput) => ({ user }) };
const plan = await planSync(createOplead(options), night);
console.log(`${await plan.render("text")}\n`);
assert.deepEqual(among(plan.findings, "suspicious"), [], "the data of the demonstration looks wrong");
// Many users and an empty ledger look like a ledger that was lost, so a person approves the plan of the first night.
const report = await plan.apply({ approve: plan.hash });
console.log(`${await report.render("text")}\n`);
assert.equal(report.status, "complete");
console.log(
  "The night after, without faults: users whose answer was lost are sent once more, as a late one may have changed them.\n",
);
makeReliable();
const second = await syncUsers(createOplead(options), night);
console.log(`${await second.render("text")}\n`);
const requestsBefore = fake.requests.length;
const third = await syncUsers(createOplead(options), night);
console.log(await third.render("text"));
assert.equal(fake.requests.length, requestsBefore, "the third night has made a call");
assert.deepEqual(fake.duplicates(), []);
await server.close();

console.log("\nWhat the rules of the dealers cover: who is eligible for which lead, and where no dealer is.\n");
const covered = await coverage(readNetwork(), { universe, locate });
for (const { message } of covered.findings.slice(0, 3)) console.log(`  ${message}`);
console.log(`  and ${covered.findings.length - 3} further findings`);
const file = join(tmpdir(), "oplead-coverage.html");
await writeFile(file, await covered.render("html", { company: "Coverage of the dealer network", names: true }));
console.log(`\nThe report, to be opened in a browser: ${file}`);

/** Parents before children: Oplead refuses a user whose parent it does not know. */
async function deliver(oplead: Oplead, title: string, users: readonly UserInput[] = dealers): Promise<WriteResult[]> {
  const delivered: WriteResult[] = [];
  const show = progress(title, users.length);
  for (const level of ["PRF_NETWORK", "PRF_REGION", "PRF_DEALER"]) {
    const ofLevel = users.filter(({ profile }) => profile.code === level);
    await Promise.all(
      ofLevel.map(async (user) => {
        delivered.push(await oplead.upsertUser(user));
        show(delivered.length);
      }),
    );
  }
  return delivered;
}

function summarise(results: readonly WriteResult[]): void {
  const count = (wanted: (result: WriteResult) => boolean): number => results.filter(wanted).length;
  const requests = results.reduce((sum, result) => sum + result.requests, 0);
  console.log(`  created:    ${count(({ outcome }) => outcome === "created")}`);
  console.log(`  updated:    ${count(({ outcome }) => outcome === "updated")}`);
  console.log(`  recovered:  ${count(({ recovered }) => recovered)} (created, and the answer was lost)`);
  console.log(`  requests:   ${requests}, of which ${retries} were retries`);
  console.log(`  duplicates: ${fake.duplicates().length}`);
}

/** Shows progress as one line that changes in a terminal, and as a line for each tenth in a log file. */
function progress(title: string, total: number): (done: number) => void {
  const inTerminal = process.stdout.isTTY === true;
  let shown = -1;
  return (done) => {
    const share = Math.floor((done / total) * (inTerminal ? 100 : 10));
    if (share === shown) return;
    shown = share;
    const text = `${title}: ${done} of ${total}`;
    if (inTerminal) process.stdout.write(`\r${text}${done === total ? "\n" : ""}`);
    else console.log(text);
  };
}
