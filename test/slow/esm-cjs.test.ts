import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, onTestFinished, test } from "vitest";
import { outsideEnv } from "./toolbox.ts";

const run = promisify(execFile);
const consumers = inject("consumers");
const token = "token-of-the-fake";
const user = {
  civility: "Mr",
  lastname: "Test",
  login: "t1",
  email: "t1@dealers.example",
  accountNumber: "ACC-1",
  address: { zipCode: "75001", city: "Paris", country: { code: "FR" } },
  profile: { code: "PRF_NETWORK" },
};

test.for(["esm.mjs", "cjs.cjs"])("the program %s can use every entry point of the package", async (program) => {
  expect(await told(program, { user, token })).toEqual({
    outcome: "created",
    users: 1,
    rawStatus: 200,
    error: { code: "invalid_input", recognised: true, instance: true },
  });
});

test("two copies of the package in one process recognise each other's errors and clients", async () => {
  const kit = createRequire(join(consumers, "test.cjs"))("oplead-sdk/testing");
  const { url, close } = await (kit as typeof import("../../src/testing/index.ts"))
    .createFakeOplead({ token })
    .listen();
  onTestFinished(close);
  expect(await told("both.mjs", { user, token, url })).toEqual({
    // Otherwise there is only one copy, and the other checks prove nothing.
    sameClass: false,
    importedRecognisesRequired: true,
    requiredRecognisesImported: true,
    strangersRecognised: 0,
    rawOfImported: 200,
    rawOfRequired: 200,
  });
});

async function told(program: string, input: unknown) {
  const args = [join(consumers, program), JSON.stringify(input)];
  const { stdout, stderr } = await run(process.execPath, args, { cwd: consumers, env: outsideEnv(), timeout: 600_000 });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}
