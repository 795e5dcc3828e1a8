/** Uses every optional peer once and prints what became of it. Its argument: the addresses of a Redis and of an SMTP server. */
import Redis from "ioredis";
import { createOplead } from "oplead-sdk";
import { userQueue } from "oplead-sdk/bullmq";
import { notifiers } from "oplead-sdk/config";
import { opleadHandlers } from "oplead-sdk/msw";
import { redisLedger } from "oplead-sdk/redis";
import { createFakeOplead } from "oplead-sdk/testing";

const { redisUrl, smtp } = JSON.parse(process.argv[2]);
const others = ["raw", "sync", "webhook", "coverage", "coverage/france", "otel", "text"];
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
    queue: await told(queue),
    mail: await told(() => mail(smtp, 30_000)), // on a busy machine a short limit sends it twice
    // Not a loopback address by its name, so that a password may be sent over TLS only.
    mailInClear: await told(() => mail(smtp.replace("127.0.0.1", "0.0.0.0"), 1_000)),
    msw: await told(() => opleadHandlers(fake).length),
    // How many users the fake has: each was created once.
    users: fake.users.length,
  }),
);
