import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Webhook } from "standardwebhooks";
import { expect, onTestFinished, test } from "vitest";
import { createFakeOplead, type FakeOplead } from "../../../src/testing/index.ts";
import { program, runtimes, workerd } from "../runtimes.ts";
import { outsideEnv } from "../toolbox.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const source = (name: string): string => here(`../../../src/${name}`);

test(`the webhook works in ${workerd.name} ${workerd.version}`, async ({ skip }) => {
  const binary = await program(workerd, skip);
  const folder = await bundle("worker.mjs");
  await cp(here("worker.capnp"), join(folder, "worker.capnp"));
  const fake = await listening();
  const server = start(binary, ["serve", join(folder, "worker.capnp"), "--control-fd=3"], fake.url);
  for await (const line of createInterface({ input: server.stdio[3] as Readable })) {
    const event = JSON.parse(line) as { event: string; port?: number };
    if (event.event !== "listen") continue;
    await tellsTheWholeStory(`http://127.0.0.1:${event.port}/`, fake);
    return;
  }
  throw new Error("workerd stopped before it listened");
});

const bun = runtimes.find(({ name }) => name === "Bun");
test.for(["own", "node"] as const)("the webhook works behind the %s server of Bun", async (door, { skip }) => {
  if (!bun) throw new Error("Bun is not among the run times");
  const binary = await program(bun, skip);
  const folder = await bundle("bun.mjs");
  const fake = await listening();
  const server = start(binary, ["run", join(folder, "bun.bundle.mjs")], fake.url);
  for await (const line of createInterface({ input: server.stdout as Readable })) {
    await tellsTheWholeStory(`http://127.0.0.1:${(JSON.parse(line) as Record<string, number>)[door]}/`, fake);
    return;
  }
  throw new Error("Bun stopped before it listened");
});

async function tellsTheWholeStory(url: string, { fake }: { fake: FakeOplead }): Promise<void> {
  const send = async (id: string, version: number, more: More = {}) => {
    const { city = "Paris", at = new Date(), path = "" } = more;
    const body = JSON.stringify({ version, user: userIn(city) });
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
        "webhook-signature": new Webhook(secret).sign(id, at, body),
      },
      body: more.body ?? body,
    });
    const { results, error } = (await response.json()) as { results?: { outcome: string }[]; error?: string };
    return `${response.status} ${results?.map(({ outcome }) => outcome) ?? error}`;
  };
  const requests = (): number => fake.requests.length;

  expect(await send("a", 2)).toBe("200 created");
  expect(requests()).toBe(2);
  expect(await send("a", 2)).toBe("200 repeated");
  expect(await send("b", 2)).toBe("200 unchanged");
  expect(await send("c", 1, { city: "Lyon" })).toBe("200 stale");
  expect(await send("d", 3, { body: '{"version":3}' })).toBe("401 invalid_signature");
  expect(await send("e", 3, { at: new Date(Date.now() - 400_000) })).toBe("401 invalid_signature");
  expect(await send("f", 3, { body: "x".repeat(60_000) })).toBe("413 too_large");
  expect((await fetch(url)).status).toBe(405);
  expect(requests()).toBe(2);

  fake.fail({ as: { status: 503 } });
  expect(await send("g", 3, { city: "Nice" })).toBe("503 oplead_unavailable");
  expect(await send("g", 3, { city: "Nice" })).toBe("200 updated");
  const delay = fake.delay({ ms: 2_500 });
  expect(await send("h", 4, { city: "Lille", path: "hasty" })).toBe("503 slow");
  delay.remove();
  await expect.poll(() => fake.users[0]?.address.city, { timeout: 600_000 }).toBe("Lille");
  const before = requests();
  await expect.poll(() => send("h", 4, { city: "Lille" }), { timeout: 600_000 }).toMatch(/^200 (updated|repeated)$/);
  expect(requests()).toBe(before);
  expect(fake.users).toHaveLength(1);
}

interface More {
  readonly body?: string;
  readonly city?: string;
  readonly at?: Date;
  readonly path?: "hasty";
}

function userIn(city: string) {
  return {
    ...{ civility: "Mr", lastname: "Test", login: "t1", email: "t1@dealers.example", accountNumber: "ACC-1" },
    address: { zipCode: "75001", city, country: { code: "FR" } },
    profile: { code: "PRF_NETWORK" },
  };
}

async function bundle(entry: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "oplead-webhook-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await build({
    entryPoints: [here(entry)],
    outfile: join(folder, entry.replace(".mjs", ".bundle.mjs")),
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    mainFields: ["module", "main"],
    alias: { "#send": source("transport/send-fetch.ts"), "#sha256": source("core/sha256-noble.ts") },
    external: entry === "bun.mjs" ? ["node:http"] : [],
  });
  return folder;
}

async function listening(): Promise<{ fake: FakeOplead; url: string }> {
  const fake = createFakeOplead();
  const { url, close } = await fake.listen();
  onTestFinished(close);
  return { fake, url };
}

function start(binary: string, args: string[], opleadUrl: string): ChildProcess {
  const server = spawn(binary, args, {
    stdio: ["ignore", "pipe", "inherit", "pipe"],
    env: outsideEnv({ OPLEAD_URL: opleadUrl, SECRET: secret }),
  });
  onTestFinished(async () => {
    if (server.exitCode === null && server.kill()) await once(server, "exit");
  });
  return server;
}
