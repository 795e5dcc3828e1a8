// A night of users without oplead-sdk: openapi-fetch, p-queue, p-retry and zod, as written in an afternoon. node by-hand.mjs USERS.json
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import createClient from "openapi-fetch";
import PQueue from "p-queue";
import pRetry, { AbortError } from "p-retry";
import { z } from "zod";

const Source = z.object({
  user: z.object({
    accountNumber: z.string().min(1),
    civility: z.string().min(1),
    lastname: z.string().min(1),
    login: z.string().min(1),
    email: z.email(),
    profile: z.object({ code: z.string() }),
    address: z.object({ zipCode: z.string().min(1), city: z.string().min(1), country: z.object({ code: z.string() }) }),
  }),
  rules: z.object({ maxDistance: z.number().positive(), profileTypes: z.array(z.string()) }),
});

const STATE = process.env.STATE_FILE ?? "state.json";
const api = createClient({
  baseUrl: process.env.OPLEAD_BASE_URL ?? "https://api.oplead.com",
  headers: { authorization: `Bearer ${process.env.OPLEAD_TOKEN}` },
});
const queue = new PQueue({ concurrency: 8, intervalCap: Number(process.env.PER_SECOND ?? 10), interval: 1000 });

/** One request in its turn, at most ten seconds long. A 4xx other than 404, 408 and 429 is not tried again. */
async function send(method, path, params, body) {
  const { data, error, response } = await queue.add(() =>
    api[method](path, { params: { path: params }, body, signal: AbortSignal.timeout(10_000) }),
  );
  if (response.ok || response.status === 404) return { status: response.status, data };
  const problem = new Error(`${method} ${path}: ${response.status} ${JSON.stringify(error)}`);
  if (response.status === 429) {
    const seconds = Number(response.headers.get("retry-after") ?? 1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
  throw response.status < 500 && response.status !== 408 && response.status !== 429 ? new AbortError(problem) : problem;
}

/** Network errors of fetch are TypeErrors, which p-retry would also take for bugs. */
const retried = (task) =>
  pRetry(
    () =>
      task().catch((error) => {
        throw error instanceof TypeError ? new Error(error.message, { cause: error }) : error;
      }),
    { retries: 3, minTimeout: 500, factor: 2, randomize: true },
  );

/** Begins with PUT at each try, so that a creation whose answer was lost is found. */
async function upsert(user) {
  await retried(async () => {
    const { status } = await send("PUT", "/v1/users/{id}", { id: user.accountNumber }, user);
    if (status === 404) await send("POST", "/v1/users", {}, user);
  });
}

async function setRule(accountNumber, rule, body) {
  await retried(async () => {
    const { status } = await send("PUT", `/v1/users/{id}/rule/${rule}`, { id: accountNumber }, body);
    if (status === 404) throw new Error(`${rule} of ${accountNumber}: 404`);
  });
}

const state = JSON.parse(await readFile(STATE, "utf8").catch(() => "{}"));
const failures = [];

async function sync(record) {
  const { user, rules } = Source.parse(record);
  const hash = createHash("sha256").update(JSON.stringify({ user, rules })).digest("hex");
  if (state[user.accountNumber] === hash) return;
  await upsert(user);
  await setRule(user.accountNumber, "max-distance", { maxDistance: rules.maxDistance });
  await setRule(user.accountNumber, "profile-types", rules.profileTypes);
  state[user.accountNumber] = hash;
}

const records = JSON.parse(await readFile(process.argv[2], "utf8"));
await Promise.all(
  records.map((record) =>
    sync(record).catch((error) => failures.push(`${record.user?.accountNumber}: ${error.message}`)),
  ),
);
await writeFile(STATE, JSON.stringify(state));
console.log(`${records.length - failures.length} of ${records.length} users are in Oplead`);
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
