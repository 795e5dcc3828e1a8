import { readFile } from "node:fs/promises";
import { z } from "zod";

/** One dealer network with an Oplead platform of its own. */
const tenant = z.object({
  name: z.string().regex(/^[a-z0-9-]+$/),
  webhookSecret: z.string().startsWith("whsec_"),
  /** A mounted secret: a new token takes effect without a restart. */
  tokenFile: z.string(),
  baseUrl: z.url().default("https://api.oplead.com"),
  requestsPerSecond: z.number().positive().default(9),
});

const environment = z.object({
  DATABASE_URL: z.string(),
  REDIS_URL: z.string(),
  /** 32 bytes as base64: what waits in Redis is encrypted. */
  QUEUE_KEY: z.base64(),
  TENANTS_FILE: z.string(),
  HOST: z.string().default("0.0.0.0"),
  PORT: z.coerce.number().default(8080),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  /** How long a process that died keeps its users, in milliseconds. */
  LOCK_MS: z.coerce.number().positive().default(30_000),
});

export type TenantSettings = z.infer<typeof tenant>;

export interface Settings {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly queueKey: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly lockMs: number;
  readonly tenants: readonly TenantSettings[];
}

export async function readSettings(env: Readonly<Record<string, string | undefined>>): Promise<Settings> {
  const given = environment.parse(env);
  const tenants = z
    .array(tenant)
    .min(1)
    .parse(JSON.parse(await readFile(given.TENANTS_FILE, "utf8")));
  return {
    databaseUrl: given.DATABASE_URL,
    redisUrl: given.REDIS_URL,
    queueKey: given.QUEUE_KEY,
    host: given.HOST,
    port: given.PORT,
    logLevel: given.LOG_LEVEL,
    lockMs: given.LOCK_MS,
    tenants,
  };
}
