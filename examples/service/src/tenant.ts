import { readFile } from "node:fs/promises";
import * as api from "@opentelemetry/api";
import type { Redis } from "ioredis";
import { createOplead, type Oplead, type OpleadLogger, pinoLogger, type RetryOptions } from "oplead-sdk";
import { type UserQueue, userQueue } from "oplead-sdk/bullmq";
import { redisDeliveries, redisLedger, redisRate } from "oplead-sdk/redis";
import type { Ledger } from "oplead-sdk/sync";
import { createUserWebhook, standardWebhooks, type UserWebhook } from "oplead-sdk/webhook";
import type { Logger } from "pino";
import { employeeEvent, userOfEvent } from "./employee.js";
import type { TenantSettings } from "./settings.js";
import { tenantHooks } from "./telemetry.js";

/** A network: its client, and what only this client's platform uses. */
export interface Tenant {
  readonly name: string;
  readonly oplead: Oplead;
  readonly ledger: Ledger;
  readonly queue: UserQueue;
  readonly webhook: UserWebhook;
  readonly logger: OpleadLogger;
  close(): Promise<void>;
}

/** What all tenants of a process have in common. */
export interface Shared {
  readonly redis: Redis;
  readonly log: Logger;
  readonly queueKey: string;
  readonly lockMs: number;
  /** Shorter waits, for drills. Default: those of the package. */
  readonly retry?: RetryOptions | undefined;
  readonly backoffMs?: number | undefined;
  readonly redisTimeoutMs?: number | undefined;
}

export function openTenant(settings: TenantSettings, shared: Shared): Tenant {
  const { name, baseUrl, tokenFile, webhookSecret, requestsPerSecond } = settings;
  const { redis, lockMs, redisTimeoutMs } = shared;
  const logger = pinoLogger(shared.log.child({ tenant: name }));
  const oplead = createOplead({
    token: async () => (await readFile(tokenFile, "utf8")).trim(),
    baseUrl,
    platform: { name },
    logger,
    hooks: tenantHooks(name),
    retry: shared.retry,
    rateLimit: redisRate(redis, { prefix: `oplead:${name}:rate`, requests: requestsPerSecond, perMs: 1000 }),
  });
  const ledger = redisLedger(redis, { prefix: `oplead:${name}:`, leaseMs: lockMs, timeoutMs: redisTimeoutMs });
  const queue = userQueue(oplead, {
    redis,
    name: `oplead-${name}`,
    encryptionKey: shared.queueKey,
    backoffMs: shared.backoffMs,
    timeoutMs: redisTimeoutMs,
  });
  const webhook = createUserWebhook(oplead, {
    verify: standardWebhooks({ secrets: [webhookSecret] }),
    event: employeeEvent,
    map: userOfEvent,
    queue,
    deliveries: redisDeliveries(redis, { prefix: `oplead:${name}:delivery:` }),
  });
  const gauge = api.metrics.getMeter("oplead-service").createObservableGauge("oplead_queue_jobs", {
    description: "Users that wait for Oplead, by state",
  });
  const observe: api.ObservableCallback = async (result) => {
    const { waiting, active, delayed, failed } = await queue.status();
    for (const [state, jobs] of Object.entries({ waiting, active, delayed, failed })) {
      result.observe(jobs, { tenant: name, state });
    }
  };
  gauge.addCallback(observe);
  return {
    name,
    oplead,
    ledger,
    queue,
    webhook,
    logger,
    async close() {
      gauge.removeCallback(observe);
      await queue.close();
    },
  };
}
