import type { SpanProcessor } from "@opentelemetry/sdk-trace-node";
import type { FastifyInstance } from "fastify";
import { Redis } from "ioredis";
import type { RetryOptions } from "oplead-sdk";
import type { UserWorker } from "oplead-sdk/bullmq";
import type { SyncReport } from "oplead-sdk/sync";
import { Pool } from "pg";
import type { Logger } from "pino";
import { buildApp } from "./app.js";
import { type NightOptions, runNight } from "./night.js";
import type { Settings } from "./settings.js";
import { startTelemetry } from "./telemetry.js";
import { openTenant, type Tenant } from "./tenant.js";

/** What a process is there for. All of them answer health checks. */
export type Role = "web" | "worker" | "all";

export interface ServiceOptions {
  readonly settings: Settings;
  readonly log: Logger;
  readonly spans: SpanProcessor;
  readonly role: Role;
  /** Shorter waits, for drills. Default: those of the package. */
  readonly retry?: RetryOptions;
  readonly backoffMs?: number;
  readonly redisTimeoutMs?: number;
}

export interface Service {
  readonly app: FastifyInstance;
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly workers: ReadonlyMap<string, UserWorker>;
  night(tenant: Tenant, options?: NightOptions): Promise<SyncReport>;
  /** Takes no more work, finishes what is under way, and lets go of everything. */
  close(): Promise<void>;
}

export function startService(options: ServiceOptions): Service {
  const { settings, log, spans, role, retry, backoffMs, redisTimeoutMs } = options;
  const { queueKey, lockMs } = settings;
  const telemetry = startTelemetry(spans);
  const pool = new Pool({ connectionString: settings.databaseUrl });
  pool.on("error", (error) => {
    log.error({ err: error }, "an idle connection to PostgreSQL failed");
  });
  const redis = new Redis(settings.redisUrl, { maxRetriesPerRequest: 3 });
  redis.on("error", (error) => {
    log.debug({ err: error }, "the connection to Redis failed");
  });
  const shared = { redis, log, queueKey, lockMs, retry, backoffMs, redisTimeoutMs };
  const tenants = new Map(settings.tenants.map((tenant) => [tenant.name, openTenant(tenant, shared)]));
  const workers = new Map(
    role === "web"
      ? []
      : [...tenants.values()].map(({ name, queue, ledger }) => [name, queue.startWorker({ ledger, lockMs })]),
  );
  const app = buildApp({ tenants, workers, pool, redis, metrics: telemetry.metrics, log });
  return {
    app,
    tenants,
    workers,
    night: (tenant, given) => runNight(tenant, pool, given),
    async close() {
      await app.close();
      await Promise.all([...workers.values()].map((worker) => worker.close()));
      await Promise.all([...tenants.values()].map((tenant) => tenant.close()));
      await telemetry.close();
      await pool.end();
      redis.disconnect();
    },
  };
}
