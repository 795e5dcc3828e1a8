/**
 * Uses every optional peer once and prints what became of it. Its argument: the address of a Redis, the address of an SMTP server, and
 * whether this Keyv has `throwOnErrors`.
 */
import Redis from "ioredis";
import Keyv from "keyv";
import { createOplead } from "oplead-sdk";
import { userQueue } from "oplead-sdk/bullmq";
import { notifiers } from "oplead-sdk/config";
import { opleadHandlers } from "oplead-sdk/msw";
import { redisLedger } from "oplead-sdk/redis";
import { keyvLedger, syncUsers } from "oplead-sdk/sync";
import { createFakeOplead } from "oplead-sdk/testing";

const { redisUrl, smtp, keyvOptions } = JSON.parse(process.argv[2]);
const others = ["raw", "webhook", "coverage", "coverage/france", "otel"];
await Promise.all(others.map((entry) => import(`oplead-sdk/${entry}`)));

const user = (accountNumber) => ({
  civility: "Mr",
  lastname: "Test",
  login: accountNumber.toLowerCase(),
  email: `${accountNumber.toLowerCase()}@dealers.example`,
  accountNumber,
  address: { zipCode: "75001", city: "Paris", country: { code: "FR" } },
  profile: { code: "PRF_NETWORK" },
});
const fake = createFakeOplead();
const oplead = createOplead({ token: "fake-token", fetch: fake.fetch, rateLimit: false });

async function keyv() {
  const ledger = keyvLedger(new Keyv({ namespace: "oplead", ...keyvOptions }));
  const options = { source: [user("KEYV-1")], map: (one) => ({ user: one }), ledger, guard: false };
  const nights = [await syncUsers(oplead, options), await syncUsers(oplead, options)];
  const down = async () => {
    throw new Error("down");
  };
  // Keyv 5 lists only the stores whose dialect it knows.
  const opts = { dialect: "redis" };
  const store = { opts, get: down, set: down, delete: down, clear: down, async *iterator() {} };
  const broken = keyvLedger(new Keyv({ store, ...keyvOptions }));
  const { code } = await broken.get("KEYV-1").catch((error) => error);
  return [...nights.map(({ counts }) => counts.created), code];
}

function keyvWithoutList() {
  const store = { get: async () => {}, set: async () => true, delete: async () => true, clear: async () => {} };
  return keyvLedger(new Keyv({ store, ...keyvOptions }));
}

async function queue() {
  const redis = new Redis(redisUrl);
  try {
    const queue = userQueue(oplead, { redis, encryptionKey: false });
    const worker = queue.startWorker({ ledger: redisLedger(redis) });
    const send = async () => (await queue.reconcileUser({ user: user("QUEUE-1") })).outcome;
    const outcomes = [await send(), await send()];
    const { inbox } = await queue.status();
    await Promise.all([worker.close(), queue.close()]);
    return [...outcomes, inbox];
  } finally {
    redis.disconnect();
  }
}

const mail = (address, timeoutMs) =>
  notifiers([{ email: { to: "ops@company.example", from: "oplead@company.example", smtp: address } }], {
    timeoutMs,
  })(new Error("broken"));

/** What a part returned, or its error. */
async function told(part) {
  try {
    return await part();
  } catch ({ code, message }) {
    return { code, message };
  }
}

console.log(
  JSON.stringify({
    keyv: await told(keyv),
    keyvWithoutList: await told(keyvWithoutList),
    queue: await told(queue),
    mail: await told(() => mail(smtp, 30_000)), // on a busy machine a short limit sends it twice
    // Not a loopback address by its name, so that a password may be sent over TLS only.
    mailInClear: await told(() => mail(smtp.replace("127.0.0.1", "0.0.0.0"), 1_000)),
    msw: await told(() => opleadHandlers(fake).length),
    // How many users the fake has: each was created once.
    users: fake.users.length,
  }),
);
