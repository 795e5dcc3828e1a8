/** Compares, in alternate rounds, the processor time to plan an unchanged user with JSON.stringify and SHA-256 of that user. */
import { createHash } from "node:crypto";
import { createOplead } from "oplead-sdk";
import { memoryLedger, planSync, syncUsers } from "oplead-sdk/sync";
import { createFakeOplead } from "oplead-sdk/testing";

const COUNT = 5_000;
const ROUNDS = 8;
/** Further rounds as long as the ratio is higher than this, because a busy machine makes most rounds slower. */
const MOST_ROUNDS = 40;
const EXPECTED = 5;

const users = Array.from({ length: COUNT }, (_, number) => ({
  civility: "Mme",
  firstname: "Zoé",
  lastname: `Martin-${number}`,
  login: `login-${number}`,
  email: `person-${number}@dealers.example`,
  phone: `+336399${String(number).padStart(5, "0")}`,
  accountNumber: `ACC-${number}`,
  address: { street: "1 rue de la Paix", zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
  profile: { code: "PRF_NETWORK" },
}));
const ledgerKey = "a key of at least sixteen bytes";
const oplead = createOplead({ baseUrl: "http://127.0.0.1:1", token: "fake-token" });
const options = { source: users, map: (user) => ({ user }), ledger: await ledgerOf(users) };

/** A ledger as a first run leaves it in a store. The fake that got the users is not kept. */
async function ledgerOf(users) {
  const fake = createFakeOplead();
  const toFake = createOplead({
    fetch: fake.fetch,
    baseUrl: "http://127.0.0.1:1",
    token: "fake-token",
    rateLimit: false,
  });
  const filled = memoryLedger({ ledgerKey });
  await syncUsers(toFake, { source: users, map: (user) => ({ user }), ledger: filled, guard: { minUsers: 100_000 } });
  const ledger = memoryLedger({ ledgerKey });
  for await (const [accountNumber, entry] of filled.entries()) {
    await ledger.replace(accountNumber, 0, JSON.parse(JSON.stringify(entry)));
  }
  return ledger;
}

async function microseconds(task) {
  const before = process.cpuUsage();
  await task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / COUNT;
}

let length = 0;
// The fastest round counts: other work on the machine can only make a round slower.
const fastest = { plain: Number.POSITIVE_INFINITY, plan: Number.POSITIVE_INFINITY };
const isDone = (round) => round >= ROUNDS && (fastest.plan / fastest.plain <= EXPECTED || round >= MOST_ROUNDS);
for (let round = 0; !isDone(round); round += 1) {
  const plain = await microseconds(() => {
    for (const user of users) {
      length += createHash("sha256").update(JSON.stringify(user)).digest("base64url").length;
    }
  });
  const plan = await microseconds(async () => {
    const { counts } = await planSync(oplead, options);
    if (counts.unchanged !== COUNT) throw new Error(`${counts.unchanged} users are unchanged`);
  });
  fastest.plain = Math.min(fastest.plain, plain);
  fastest.plan = Math.min(fastest.plan, plan);
}
const { plain, plan } = fastest;
console.log(JSON.stringify({ plainUs: plain.toFixed(2), planUs: plan.toFixed(2), ratio: plan / plain, length }));
