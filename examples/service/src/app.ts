import type { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import type { Redis } from "ioredis";
import { isOpleadError, type OpleadFailure, pinoLogger } from "oplead-sdk";
import type { UserWorker } from "oplead-sdk/bullmq";
import { toNodeListener } from "oplead-sdk/webhook";
import type { Pool } from "pg";
import { z } from "zod";
import { employeeRow, userOfRow } from "./employee.js";
import type { Tenant } from "./tenant.js";

/** What the endpoints use. A process without workers gives none. */
export interface AppParts {
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly workers: ReadonlyMap<string, UserWorker>;
  readonly pool: Pool;
  readonly redis: Redis;
  readonly metrics: PrometheusExporter;
  readonly log: FastifyBaseLogger;
}

const sendNow = z.object({ test: z.stringbool().default(false) });

/** The HTTP side: deliveries, health, metrics, and a user that support sends at once. */
export function buildApp({ tenants, workers, pool, redis, metrics, log }: AppParts): FastifyInstance {
  const app = fastify({ loggerInstance: log });

  app.get("/health/live", () => ({ status: "ok" }));

  app.get("/health/ready", async (_request, reply) => {
    const checks = await Promise.all([
      check("postgres", () => pool.query("select 1")),
      check("redis", () => redis.ping()),
      ...[...tenants.values()].map(({ name, queue }) => check(`queue ${name}`, () => queue.status())),
      ...[...workers].map(([name, worker]) =>
        check(`worker ${name}`, () => (worker.isHealthy() ? true : Promise.reject(new Error("silent")))),
      ),
    ]);
    const failed = checks.filter(({ problem }) => problem !== undefined);
    return reply.code(failed.length === 0 ? 200 : 503).send({ failed });
  });

  app.get("/metrics", (request, reply) => {
    reply.hijack();
    metrics.getMetricsRequestHandler(request.raw, reply.raw);
  });

  // The signature covers the body as it was sent, so nothing may parse it.
  app.register((scope, _options, registered) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, done) => {
      done(null);
    });
    for (const { name, webhook } of tenants.values()) {
      const listener = toNodeListener(webhook);
      scope.post(`/tenants/${name}/webhooks/employees`, (request, reply) => {
        reply.hijack();
        return listener(request.raw, reply.raw);
      });
    }
    registered();
  });

  /** Support sends one employee at once, and sees the answer. `?test=true` shows what would happen. */
  app.put<{ Params: { tenant: string; number: string } }>("/tenants/:tenant/users/:number", async (request, reply) => {
    const { test } = sendNow.parse(request.query);
    const tenant = tenants.get(request.params.tenant);
    if (!tenant) return reply.code(404).send({ code: "unknown_tenant" });
    const { rows } = await pool.query("select * from employees where tenant = $1 and number = $2", [
      tenant.name,
      request.params.number,
    ]);
    const [row] = z.array(employeeRow).parse(rows);
    if (!row) return reply.code(404).send({ code: "unknown_employee" });
    const { user, rules } = userOfRow(row);
    // A person waits: the lines carry the id of the request, and it is over soon.
    const oplead = tenant.oplead.with({ logger: pinoLogger(request.log), deadlineMs: 10_000, retry: { attempts: 2 } });
    const { upsertUser } = test ? oplead.with({ testMode: true }) : oplead;
    const { outcome, id, testMode } = await upsertUser(user, { rules });
    return { outcome, id, testMode };
  });

  app.setErrorHandler((error, request, reply) => {
    if (!isOpleadError(error)) {
      request.log.error({ err: error }, "request failed");
      return reply.code(500).send({ code: "internal" });
    }
    request.log.error({ code: error.code, docs: error.docs, requestId: error.requestId }, error.message);
    if (error.code === "rate_limited") reply.header("retry-after", Math.ceil(error.retryAfterMs / 1000));
    return reply.code(statusOf(error)).send({ code: error.code, ...("issues" in error && { issues: error.issues }) });
  });
  return app;
}

/** Ours, in the words of HTTP: what the caller can mend, and what it cannot. */
function statusOf(error: OpleadFailure): number {
  switch (error.code) {
    case "invalid_input":
    case "refused":
    case "conflict":
      return 422;
    case "rate_limited":
      return 429;
    case "timeout":
    case "deadline":
      return 504;
    case "incomplete": // the user arrived, and a rule did not
      return statusOf(error.cause);
    default:
      return error.retryable ? 503 : 502;
  }
}

async function check(name: string, task: () => unknown): Promise<{ name: string; problem: string | undefined }> {
  try {
    await task();
    return { name, problem: undefined };
  } catch (error) {
    return { name, problem: isOpleadError(error) ? error.code : "failed" };
  }
}
