import { execFile } from "node:child_process";
import { cp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, it } from "vitest";
import { folderWith } from "../support/folder.ts";
import { outsideEnv } from "./toolbox.ts";

const run = promisify(execFile);

const PROGRAM = `
import { createOplead } from "oplead-sdk";
import { fileLedger, syncUsers } from "oplead-sdk/sync";
import { createFakeOplead } from "oplead-sdk/testing";
const fake = createFakeOplead();
const oplead = createOplead({ token: "fake-token", fetch: fake.fetch });
const user = {
  accountNumber: "A-1", civility: "M.", lastname: "Petit", login: "petit", email: "petit@dealers.example",
  profile: { code: "PRF_NETWORK" }, address: { zipCode: "01000", city: "Bourg", country: { code: "FR" } },
};
const options = { source: [user], map: (one) => ({ user: one }), ledger: fileLedger("./ledger"), guard: false };
const { code, retryable, message } = await syncUsers(oplead, options).catch((error) => error);
console.log(JSON.stringify({ code, retryable, message, requests: fake.requests.length }));
`;

async function installedWithoutOptional() {
  const consumers = inject("consumers");
  const tarball = (await readdir(consumers)).find((name) => name.endsWith(".tgz")) ?? "";
  const folder = await folderWith({ "package.json": '{ "private": true }', "program.mjs": PROGRAM });
  const npm = ["install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--omit=optional"];
  await run("npm", [...npm, join(consumers, tarball)], { cwd: folder, env: outsideEnv() });
  return folder;
}

const told = async (folder: string) => JSON.parse((await run("node", ["program.mjs"], { cwd: folder })).stdout);

it("if npm left optional packages out, a run says what to install before it sends anything", async () => {
  const folder = await installedWithoutOptional();
  expect(await readdir(join(folder, "node_modules"))).not.toContain("classic-level");
  expect(await told(folder)).toEqual({
    code: "ledger_unavailable",
    retryable: false,
    message: expect.stringContaining("npm install classic-level@3"),
    requests: 0,
  });
});

it("a run whose binary is missing or broken fails with the reason before it sends anything", async () => {
  const folder = await folderWith({ "package.json": '{ "private": true }', "program.mjs": PROGRAM });
  await cp(join(inject("consumers"), "node_modules"), join(folder, "node_modules"), { recursive: true });
  const prebuilds = join(folder, "node_modules/classic-level/prebuilds");
  const broken = { code: "ledger_unavailable", retryable: false, requests: 0 };
  const message = expect.stringContaining("its binary cannot be loaded");
  for (const platform of await readdir(prebuilds))
    for (const file of await readdir(join(prebuilds, platform)))
      await writeFile(join(prebuilds, platform, file), "no binary");
  expect(await told(folder)).toEqual({ ...broken, message });
  await rm(prebuilds, { recursive: true });
  expect(await told(folder)).toEqual({ ...broken, message });
});
