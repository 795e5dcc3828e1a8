import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import * as api from "@opentelemetry/api";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { createFakeOplead, type FakeOplead, signDelivery } from "oplead-sdk/testing";
import pg from "pg";
import { pino } from "pino";
import { inject } from "vitest";
import { z } from "zod";
import { type Role, type Service, startService } from "../../src/service.js";
import type { TenantSettings } from "../../src/settings.js";
import type { Tenant } from "../../src/tenant.js";

/** A line of the log, as a log store has it. */
export type Line = Readonly<Record<string, unknown>>;

/** A network with the Oplead of its own behind it. */
export interface Network {
  readonly fake: FakeOplead;
  readonly settings: TenantSettings;
  readonly tenant: Tenant;
  /** Replaces the mounted secret. */
  readonly setToken: (token: string) => Promise<void>;
  /** Adds employees to the table. */
  readonly employ: (...employees: readonly Partial<Employee>[]) => Promise<void>;
  /** What the source system sends, with its signature. */
  readonly deliver: (employee: Readonly<Record<string, unknown>>, secret?: string) => Promise<Response>;
}

export interface Employee {
  number: string;
  title: string;
  first_name: string | null;
  last_name: string;
  email: string;
  zip: string;
  city: string;
  role: string;
  manager: string | null;
  radius_km: number | null;
}

export interface World {
  readonly url: string;
  readonly service: Service;
  readonly lines: readonly Line[];
  readonly spans: readonly ReadableSpan[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  network(name: string): Network;
  metrics(): Promise<string>;
  query(text: string, values: readonly unknown[]): Promise<readonly Line[]>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly names: readonly string[];
  readonly role?: Role;
  readonly redisUrl?: string;
  readonly lockMs?: number;
}

/** The service in this process, before fake Opleads that are asked over HTTP. */
export async function openWorld({ names, role = "all", redisUrl, lockMs = 5_000 }: WorldOptions): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "oplead-service-"));
  const database = new pg.Client(inject("databaseUrl"));
  await database.connect();
  const opened = await Promise.all(names.map((name) => openNetwork(name, folder)));
  const tenants = opened.map(({ settings }) => settings);
  const environment = {
    DATABASE_URL: inject("databaseUrl"),
    REDIS_URL: redisUrl ?? inject("redisUrl"),
    QUEUE_KEY: Buffer.alloc(32, "k").toString("base64"),
    TENANTS_FILE: join(folder, "tenants.json"),
    LOCK_MS: String(lockMs),
  };
  await writeFile(environment.TENANTS_FILE, JSON.stringify(tenants));

  const lines: Line[] = [];
  const log = pino({ level: "debug" }, linesInto(lines));
  const spans = new InMemorySpanExporter();
  const service = startService({
    settings: {
      databaseUrl: environment.DATABASE_URL,
      redisUrl: environment.REDIS_URL,
      queueKey: environment.QUEUE_KEY,
      host: "127.0.0.1",
      port: 0,
      logLevel: "debug",
      lockMs,
      tenants,
    },
    log,
    spans: new SimpleSpanProcessor(spans),
    role,
    retry: { attempts: 2, baseMs: 5 },
    backoffMs: 200,
    redisTimeoutMs: 1_000,
  });
  const url = await service.app.listen({ host: "127.0.0.1", port: 0 });
  const networks = new Map(
    opened.map(({ settings, fake, tokenFile }) => {
      const { name, webhookSecret } = settings;
      const tenant = service.tenants.get(name);
      if (!tenant) throw new Error(`There is no tenant ${name}.`);
      const network: Network = {
        fake,
        settings,
        tenant,
        setToken: (token) => writeFile(tokenFile, token),
        async employ(...employees) {
          for (const given of employees) {
            const employee = { ...PERSON, ...given };
            const { number, title, last_name, email, zip, city, role: profile, manager, radius_km } = employee;
            await database.query(
              `insert into employees (tenant, number, title, last_name, email, zip, city, role, manager, radius_km)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
              [name, number, title, last_name, email, zip, city, profile, manager, radius_km],
            );
          }
        },
        async deliver(employee, secret = webhookSecret) {
          const event = { type: "employee.updated", updatedAt: new Date().toISOString(), employee };
          const endpoint = `${url}/tenants/${name}/webhooks/employees`;
          return fetch(await signDelivery(event, { scheme: "standardWebhooks", secrets: [secret], url: endpoint }));
        },
      };
      return [name, network] as const;
    }),
  );
  return {
    url,
    service,
    lines,
    get spans() {
      return spans.getFinishedSpans();
    },
    folder,
    environment,
    network(name) {
      const network = networks.get(name);
      if (!network) throw new Error(`There is no network ${name}.`);
      return network;
    },
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    query: async (text, values) => rows.parse((await database.query(text, [...values])).rows),
    async close() {
      await service.close();
      api.trace.disable();
      api.metrics.disable();
      api.context.disable();
      await Promise.all(opened.map(({ close }) => close()));
      await database.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openNetwork(name: string, folder: string) {
  const fake = createFakeOplead({ token: `token-of-${name}`, strict: true });
  const listener = await fake.listen();
  const tokenFile = join(folder, `${name}.token`);
  await writeFile(tokenFile, `token-of-${name}\n`);
  const webhookSecret = `whsec_${Buffer.from(`the secret of ${name}, long enough`).toString("base64")}`;
  const settings: TenantSettings = { name, webhookSecret, tokenFile, baseUrl: listener.url, requestsPerSecond: 500 };
  return { settings, fake, tokenFile, close: () => listener.close() };
}

export const PERSON: Employee = {
  number: "E-1",
  title: "Mme",
  first_name: null,
  last_name: "Kermarrec",
  email: "noemie.kermarrec@dealers.example",
  zip: "01000",
  city: "Bourg-en-Bresse",
  role: "PRF_NETWORK",
  manager: null,
  radius_km: 30,
};

/** An employee as the source system sends it. */
export function employeeOf(number: string): Readonly<Record<string, unknown>> {
  const { title, last_name, zip, city, role } = PERSON;
  return { number, title, lastName: last_name, email: `${number}@dealers.example`.toLowerCase(), zip, city, role };
}

const line = z.record(z.string(), z.unknown());
const rows = z.array(line);

/** A destination of pino that keeps the lines. */
export function linesInto(lines: Line[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, written) {
      for (const text of chunk.toString().split("\n")) if (text !== "") lines.push(line.parse(JSON.parse(text)));
      written();
    },
  });
}

/** Waits until `task` gives something, and says what was waited for if it never does. */
export async function until<T>(what: string, task: () => T | Promise<T>, withinMs = 90_000): Promise<NonNullable<T>> {
  const endsAt = Date.now() + withinMs;
  for (;;) {
    const value = await task();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > endsAt) throw new Error(`This did not happen: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The section of the runbook that the package brings along. Fails if it has none for this code. */
export async function runbook(code: string): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve("oplead-sdk/package.json");
  const page = await readFile(join(dirname(manifest), "docs/operate/runbook.md"), "utf8");
  const section = page.split(/^## /m).find((text) => text.startsWith(`${code}\n`));
  if (section === undefined) throw new Error(`The runbook has no section ${code}.`);
  return section;
}
