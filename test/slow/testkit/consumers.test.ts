import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import manifest from "../../../package.json" with { type: "json" };
import { TSC } from "../../../scripts/compiler.ts";
import { besideTarball } from "../beside.ts";
import { NEWEST, OLDEST, versionIn } from "../optional-packages.ts";
import { program, runtimes } from "../runtimes.ts";
import { outsideEnv } from "../toolbox.ts";

const run = promisify(execFile);
const projects = fileURLToPath(new URL("consumers", import.meta.url));
const { vitest, msw, typescript } = manifest.devDependencies;
const JEST = ["jest@30.5.2", "@babel/plugin-transform-modules-commonjs@7"];
const MSW_2 = versionIn(OLDEST, "msw");
const MSW_3 = versionIn(NEWEST, "msw");

const withMsw = (version: string) => {
  const own = [`vitest@${vitest}`, `@types/node@${manifest.devDependencies["@types/node"]}`];
  if (version === msw) return [[...own, `msw@${version}`, `typescript@${typescript}`], JEST];
  return [own, version === MSW_3 ? NEWEST : OLDEST];
};

const strangers = await realpath(await mkdtemp(join(tmpdir(), "oplead-testkit-")));
afterAll(() => rm(strangers, { recursive: true, force: true }));

const installs = new Map<string, Promise<string>>();

function installed(sets: readonly (readonly string[])[]) {
  const key = sets.flat().join(" ");
  const known = installs.get(key) ?? besideTarball(strangers, ...sets);
  installs.set(key, known);
  return known;
}

async function consumer(sets: readonly (readonly string[])[], project?: string) {
  const folder = await mkdtemp(join(await installed(sets), "project-"));
  if (project) await cp(join(projects, project), folder, { recursive: true });
  return folder;
}

async function told(folder: string, args: string[], node = process.execPath) {
  const env = outsideEnv({ VITEST: "", VITEST_WORKER_ID: "", VITEST_POOL_ID: "", NODE_ENV: "", NODE_OPTIONS: "" });
  const { stdout, stderr } = await run(node, args, { cwd: folder, env: { ...env, NO_COLOR: "1" } }).catch((error) => {
    throw new Error(`${error.stdout}\n${error.stderr}`);
  });
  return stdout + stderr;
}

const newNode = runtimes.find(({ name }) => name === "Node");

const vitestBin = "../node_modules/vitest/vitest.mjs";

test.each([msw, MSW_2])("the test kit works in vitest with msw %s", async (version) => {
  const folder = await consumer(withMsw(version), "vitest-msw");
  expect(await told(folder, [vitestBin, "run"])).toMatch(/Tests +5 passed/);
});

test(`the test kit works in vitest with msw ${MSW_3}, on a newer Node`, async ({ skip }) => {
  if (!newNode) throw new Error("There is no newer Node among the run times.");
  const node = await program(newNode, skip);
  const folder = await consumer(withMsw(MSW_3), "vitest-msw");
  expect(await told(folder, [vitestBin, "run"], node)).toMatch(/Tests +5 passed/);
});

test("the test kit works in Jest, in CommonJS, without msw", async () => {
  const folder = await consumer([JEST], "jest");
  await writeFile(join(folder, "jest.config.json"), JSON.stringify({ testMatch: ["**/*.spec.cjs"] }));
  expect(await told(folder, ["../node_modules/jest/bin/jest.js"])).toMatch(/Tests: +4 passed, 4 total/);
});

test("a file ledger and a CSV source work in Jest, in CommonJS, without a flag of Node's", async () => {
  const folder = await consumer([JEST]);
  await writeFile(join(folder, "jest.config.json"), JSON.stringify({ testMatch: ["**/*.spec.cjs"] }));
  await writeFile(join(folder, "users.csv"), "number,name\nE-1,Roux\n");
  await writeFile(
    join(folder, "night.spec.cjs"),
    `const { createOplead } = require("oplead-sdk");
     const { csvSource } = require("oplead-sdk/config");
     const { fileLedger, syncUsers } = require("oplead-sdk/sync");
     const { createFakeOplead } = require("oplead-sdk/testing");
     const address = { zipCode: "29000", city: "Quimper", country: { code: "FR" } };
     const map = ({ number, name }) => ({ user: { accountNumber: number, civility: "M.", lastname: name, login: number,
       email: number.toLowerCase() + "@dealers.example", profile: { code: "PRF_NETWORK" }, address } });
     test("a night", async () => {
       const fake = createFakeOplead();
       const oplead = createOplead({ token: "fake-token", fetch: fake.fetch, rateLimit: false });
       const ledger = fileLedger("./ledger");
       for (const created of [1, 0]) {
         const options = { source: csvSource("users.csv"), map, ledger, guard: false };
         expect((await syncUsers(oplead, options)).counts.created).toBe(created);
       }
       await ledger.close();
     });`,
  );
  expect(await told(folder, ["../node_modules/jest/bin/jest.js"])).toMatch(/Tests: +1 passed, 1 total/);
});

async function blockOf(info: string) {
  const page = await readFile(new URL("../../../docs/test/fake.md", import.meta.url), "utf8");
  const block = [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].find(([, found]) => found === info);
  if (!block?.[2]) throw new Error(`docs/test/fake.md has no block "${info}".`);
  return block[2];
}

test("the msw example of docs/test/fake.md passes in vitest", async () => {
  const folder = await consumer(withMsw(msw));
  await writeFile(join(folder, "user.mjs"), await blockOf("js"));
  await writeFile(join(folder, "page.spec.mjs"), await blockOf("js vitest"));
  expect(await told(folder, ["../node_modules/vitest/vitest.mjs", "run"])).toMatch(/Tests +1 passed/);
});

test("the msw example of docs/test/fake.md passes in Jest, with require and the configuration given there", async () => {
  const folder = await consumer(withMsw(msw));
  const required = (code: string) =>
    code
      .replace(/^import \{ afterAll.*\n/m, "")
      .replace(/^import (.*) from (.*);$/gm, "const $1 = require($2);")
      .replace("user.mjs", "user.cjs");
  await writeFile(
    join(folder, "user.cjs"),
    `${(await blockOf("js")).replace("export const", "const")}module.exports = { user };\n`,
  );
  await writeFile(join(folder, "page.spec.cjs"), required(await blockOf("js vitest")));
  const config = await blockOf("js jest.config.cjs");
  await writeFile(join(folder, "jest.config.cjs"), config.replace("{", '{\n  testMatch: ["**/*.spec.cjs"],'));
  expect(await told(folder, ["../node_modules/jest/bin/jest.js"])).toMatch(/Tests: +1 passed, 1 total/);
});

test.each([msw, MSW_3])("the handlers have the type of msw %s", async (version) => {
  const folder = await consumer(withMsw(version));
  await writeFile(
    join(folder, "usage.mts"),
    `import type { HttpHandler } from "msw";
import { setupServer } from "msw/node";
import { opleadHandlers } from "oplead-sdk/msw";
import { createFakeOplead, type FakeOplead, realCountries, signDelivery } from "oplead-sdk/testing";
const countries = realCountries();
const fake: FakeOplead = createFakeOplead({ strict: true, countries });
const handlers: HttpHandler[] = opleadHandlers(fake, "https://oplead.test");
setupServer(...handlers);
const request: Promise<Request> = signDelivery({}, { scheme: "stripeStyle", secrets: ["s"] });
// @ts-expect-error: the scheme needs a header
signDelivery({}, { scheme: "hmacSignature", secrets: ["s"], encoding: "hex" });
export { request };
`,
  );
  const strict = [
    "--noEmit",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--types",
    "node",
  ];
  await told(folder, [TSC, ...strict, "usage.mts"]);
});
