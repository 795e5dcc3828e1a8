// npx tsx scripts/save-forms.ts [PACKAGE] [NAME]: saves each form of a built version, by default of this clone, for
// test/saved-forms.behaviour.test.ts. Run it for each release, then `npm run format`.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ClassicLevel } from "classic-level";
import { Redis } from "ioredis";
import { startRedis } from "../examples/cluster/redis-server.ts";
import type { Oplead } from "../src/index.ts";
import type { SyncReport } from "../src/sync/index.ts";
import { BASE_URL, dumpRedis, ENCRYPTION_KEY, FIRST_DELIVERY, formUsers } from "../test/support/saved-forms.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = resolve(process.argv[2] ?? root);
const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const name = process.argv[3] ?? version;
const forms = join(root, "test/fixtures/saved-forms");
const built = (entry: string) => import(pathToFileURL(join(folder, "dist", `${entry}.js`)).href);

const { createOplead }: typeof import("../src/index.ts") = await built("index");
const { fileLedger, planSync }: typeof import("../src/sync/index.ts") = await built("sync");
const { redisDeliveries, redisLedger, redisRate }: typeof import("../src/redis/index.ts") = await built("redis");
const { userQueue }: typeof import("../src/bullmq/index.ts") = await built("bullmq");
const { createFakeOplead }: typeof import("../src/testing/index.ts") = await built("testing");

function save(form: string, value: unknown): void {
  const text = typeof value === "string" ? value : `${JSON.stringify(value, undefined, 2)}\n`;
  writeFileSync(join(forms, `${form}.${name}.${typeof value === "string" ? "jsonl" : "json"}`), text);
}

// It refuses the creation of ACC-4.
function connect(more: object = {}): Oplead {
  const fake = createFakeOplead();
  const refused = { status: 422, body: { error: { message: "city: unknown" } } };
  const isLast = ({ body }: { body: unknown }) => (body as { accountNumber?: string })?.accountNumber === "ACC-4";
  fake.fail({ on: (request) => request.method === "POST" && isLast(request), as: refused, times: 100 });
  return createOplead({ token: "fake-token", baseUrl: BASE_URL, fetch: fake.fetch, ...more });
}

async function night(ledger: ReturnType<typeof fileLedger>): Promise<SyncReport> {
  const plan = await planSync(connect(), {
    source: formUsers(),
    map: (user) => user,
    ledger,
    coverage: { universe: { countries: [{ code: "FR", label: "France", counties: [] }] } },
    guard: { segments: ({ address }) => address?.zipCode?.slice(0, 2) },
  });
  save("plan", plan.toJSON());
  return plan.apply();
}

mkdirSync(forms, { recursive: true });
const temporary = mkdtempSync(join(tmpdir(), "oplead-forms-"));
const server = await startRedis();
const redis = new Redis(server.url);
try {
  const path = join(temporary, "ledger");
  const ledger = fileLedger(path);
  const report = await night(ledger);
  await ledger.close();
  save("report", report.toJSON());
  const level = new ClassicLevel(path);
  save("file-ledger", await level.iterator().all());
  await level.close();

  await night(redisLedger(redis, { prefix: "oplead:" }));
  await redisDeliveries(redis, { prefix: "oplead:delivery:" }).add(FIRST_DELIVERY);
  const rateLimit = redisRate(redis, { prefix: "oplead:rate", requests: 50, perMs: 1000 });
  await connect({ rateLimit }).listUserProfiles();
  save("redis", await dumpRedis(redis));

  for (const [form, options] of [
    ["queue", { encryptionKey: false }],
    ["queue-encrypted", { encryptionKey: ENCRYPTION_KEY }],
    ["queue-without-users", { storeUsers: false, encryptionKey: false }],
  ] as const) {
    await redis.flushall();
    const queue = userQueue(connect(), { redis: server.url, name: "users", attempts: 1, ...options });
    const [refused, ...users] = formUsers().reverse();
    if (form === "queue" && refused) {
      await queue.enqueue(refused);
      await failedOnce(queue);
    }
    for (const user of users) await queue.enqueue(user, { resend: true });
    await queue.close();
    save(form, await dumpRedis(redis));
  }

  command();
} finally {
  redis.disconnect();
  await server.close();
  rmSync(temporary, { recursive: true, force: true });
}

async function failedOnce(queue: ReturnType<typeof userQueue>): Promise<void> {
  const oplead = connect({
    retry: { attempts: 1 },
    fetch: async () => new Response("", { status: 503 }),
    deadlineMs: 300,
  });
  const broken = userQueue(oplead, { redis: server.url, name: "users", encryptionKey: false, attempts: 1 });
  const worker = broken.startWorker({ ledger: redisLedger(redis, { prefix: "unused:" }) });
  while ((await queue.status()).failed === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await worker.close();
  await broken.close();
  for (const key of await redis.keys("unused:*")) await redis.del(key);
}

function command(): void {
  const config = `
    import { createOplead } from "oplead-sdk";
    import { createFakeOplead } from "oplead-sdk/testing";
    const fake = createFakeOplead();
    export default {
      client: { token: "fake-token", baseUrl: ${JSON.stringify(BASE_URL)}, fetch: fake.fetch },
      source: ${JSON.stringify(formUsers())},
      map: (user) => user,
    };`;
  const work = join(temporary, "command");
  mkdirSync(join(work, "node_modules"), { recursive: true });
  symlinkSync(folder, join(work, "node_modules/oplead-sdk"), "dir");
  writeFileSync(join(work, "oplead.config.mjs"), config);
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [join(folder, "dist/cli/main.js"), ...args], { cwd: work, stdio: "pipe" });
  run("sync");
  save("audit", readFileSync(join(work, "oplead-audit.jsonl"), "utf8"));
  save("ledger-mark", JSON.parse(readFileSync(join(work, "oplead-ledger.mark.json"), "utf8")));
}
