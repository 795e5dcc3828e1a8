// examples/service as a company would run it: its own lockfile, Redis, PostgreSQL. Its tests are the drills.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { hasRedis } from "../support/redis-server.ts";
import { outsideEnv } from "./toolbox.ts";

const source = fileURLToPath(new URL("../../examples/service", import.meta.url));
const hasPostgres = existsSync("/usr/lib/postgresql");
if (!hasPostgres)
  console.warn("The tests of examples/service are skipped: there is no PostgreSQL (apt-get install postgresql).");

describe.skipIf(!hasRedis || !hasPostgres)("the service of examples/service", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "oplead-service-"));
    const made = ["node_modules", "dist", "oplead-sdk.tgz"];
    await cp(source, folder, { recursive: true, filter: (path) => !made.includes(basename(path)) });
    const tarball = join(inject("consumers"), `oplead-sdk-${inject("packed").version}.tgz`);
    await copyFile(tarball, join(folder, "oplead-sdk.tgz"));
    // None of its packages needs an install script.
    expect(await complaints("ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund")).toBe("");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("the service passes the strict rules and the strict compiler, without a cast or a disabled rule", async () => {
    const [lint, build] = await Promise.all([complaints("run", "lint"), complaints("run", "build")]);
    expect({ lint, build }).toEqual({ lint: "", build: "" });
  });

  it("the service passes its own tests and drills, in vitest and in Jest", async () => {
    expect(await complaints("test")).toBe("");
  });

  it("the lockfile of the service names no registry and has no checksum of the package", async () => {
    const { packages } = JSON.parse(await readFile(join(source, "package-lock.json"), "utf8"));
    const { "node_modules/oplead-sdk": own, ...others } = packages;
    expect(own).toMatchObject({ resolved: "file:oplead-sdk.tgz" });
    expect(own).not.toHaveProperty("integrity");
    expect(Object.values<object>(others).filter((entry) => "resolved" in entry)).toEqual([]);
  });

  function complaints(...args: string[]) {
    const ours = Object.entries(outsideEnv()).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$|NODE_OPTIONS$)/.test(name));
    return new Promise((resolve) => {
      const options = { cwd: folder, env: { ...Object.fromEntries(ours), NO_COLOR: "1" }, maxBuffer: 1e8 };
      execFile("npm", args, options, (error, stdout, stderr) => {
        resolve(error === null ? "" : `${stdout}${stderr}` || error.message);
      });
    });
  }
});
