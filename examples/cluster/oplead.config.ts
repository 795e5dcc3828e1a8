/** One config for all processes: two receivers (`oplead serve --queue`), workers (`oplead worker`), the nightly run (`oplead sync --queue`). */
import { Redis } from "ioredis";
import { defineConfig, env } from "oplead-sdk/config";
import { redisDeliveries, redisLedger, redisRate } from "oplead-sdk/redis";
import { standardWebhooks } from "oplead-sdk/webhook";
import { type Employee, type EmployeeChanged, nightlyEmployees, toUser } from "./employees.ts";

const redisUrl = env("REDIS_URL", "redis://127.0.0.1:6379");
const redis = new Redis(redisUrl);
redis.on("error", () => {}); // It connects again by itself; commands that need it say so.

export default defineConfig<Employee, EmployeeChanged>({
  client: {
    token: env("OPLEAD_TOKEN"),
    baseUrl: env("OPLEAD_BASE_URL"),
    // The fake in compose.yaml has no certificate. Leave this out in production.
    allowHttp: true,
    // One limit for all processes together.
    rateLimit: redisRate(redis, { prefix: "cluster:rate", requests: Number(env("OPLEAD_RATE", "10")), perMs: 1000 }),
    // Shorter than the defaults, because a fake answers at once.
    timeoutMs: 1_500,
    platform: { settleMs: 300 },
    retry: { attempts: 5, baseMs: 20 },
  },
  // How long a worker that died keeps its users from the others. In production leave the default, 30 seconds.
  ledger: redisLedger(redis, { prefix: "cluster:", leaseMs: 4_000 }),
  queue: {
    redis: redisUrl,
    name: "cluster",
    encryptionKey: env("OPLEAD_QUEUE_KEY"), // openssl rand -base64 32
    backoffMs: 300,
    attempts: 20,
  },
  webhook: {
    verify: standardWebhooks({ secrets: [env("WEBHOOK_SECRET")] }),
    deliveries: redisDeliveries(redis, { prefix: "cluster:delivery:" }),
    map: ({ employee }) => toUser(employee),
  },
  source: nightlyEmployees(Number(env("CLUSTER_USERS", "5000"))),
  map: toUser,
  guard: false, // the first night creates everyone
  audit: false,
});
