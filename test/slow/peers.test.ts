import { execFile } from "node:child_process";
import { cp, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, inject, test } from "vitest";
import { mailServer } from "../support/alert-receivers.ts";
import { hasRedis, startRedis } from "../support/redis-server.ts";
import { besideTarball, tarball } from "./beside.ts";
import { NEWEST, OLDEST } from "./optional-packages.ts";
import { program, runtimes } from "./runtimes.ts";
import { install, outsideEnv } from "./toolbox.ts";

const run = promisify(execFile);
const TOO_OLD = ["bullmq@5.30.0", "ioredis@5.0.0", "msw@2.2.3"];

const strangers = await realpath(await mkdtemp(join(tmpdir(), "oplead-peers-")));
afterAll(() => rm(strangers, { recursive: true, force: true }));

async function used(packages: readonly string[], node = process.execPath) {
  const folder = await besideTarball(strangers, packages);
  await cp(join(inject("consumers"), "peers.mjs"), join(folder, "peers.mjs"));
  const [redis, mails] = [await startRedis(), await mailServer()];
  const { smtp } = Object(mails.target).email;
  const input = JSON.stringify({ redisUrl: redis.url, smtp });
  const { stdout } = await run(node, ["peers.mjs", input], { cwd: folder, env: outsideEnv(), timeout: 600_000 });
  await redis.close();
  return { folder, told: JSON.parse(stdout), mails: mails.accepted.length };
}

async function types(folder: string, node = process.execPath) {
  const document = join(import.meta.dirname, "../../schema/oplead.openapi.yaml");
  const args = ["node_modules/oplead-sdk/dist/cli/main.js", "types", document, "--out", "oplead.ts"];
  return (await run(node, args, { cwd: folder, env: outsideEnv() })).stdout;
}

const worked = {
  queue: ["created", "unchanged", 0],
  mail: [],
  mailInClear: [expect.objectContaining({ code: "alert_not_sent" })],
  msw: 2,
  users: 1,
};

test.each([
  { age: "oldest", packages: OLDEST },
  { age: "newest", packages: NEWEST },
])("npm accepts the $age versions of the optional packages beside this package", async ({ packages }) => {
  await install(await mkdtemp(join(strangers, "npm-")), ["--dry-run", await tarball(), ...packages]);
});

describe.runIf(hasRedis)("each entry point of the package", () => {
  test("works with the oldest supported versions of the optional packages", async () => {
    const { folder, told, mails } = await used(OLDEST);
    expect(told).toEqual(worked);
    expect(mails).toBe(1);
    expect(await types(folder)).toContain("oplead.ts");
  });

  test("works with the newest versions of the optional packages on a newer, downloaded Node", async ({ skip }) => {
    const newer = runtimes.find(({ name }) => name === "Node");
    if (!newer) throw new Error("There is no newer Node among the run times.");
    const node = await program(newer, skip);
    const { folder, told, mails } = await used(NEWEST, node);
    expect(told).toEqual(worked);
    expect(mails).toBe(1);
    expect(await types(folder, node)).toContain("oplead.ts");
  });

  test("an error names an optional package whose version is too old, with the version that is needed", async () => {
    const { told } = await used(TOO_OLD);
    expect(told.queue).toEqual({
      code: "invalid_options",
      message: expect.stringContaining("bullmq 5.30.0 is installed, and 6.4.0 or newer is needed: npm install bullmq"),
    });
    expect(told.mail).toMatchObject([{ code: "alert_not_sent" }]);
  });
});
