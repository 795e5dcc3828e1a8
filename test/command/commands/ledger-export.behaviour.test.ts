import { readFileSync, statSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configWith, dealersCsv, openPlatform, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const WITH_KEY = configWith('ledgerKey: env("OPLEAD_LEDGER_KEY"),');

async function exported() {
  const platform = await openPlatform();
  const env = { ...platform.env, OPLEAD_LEDGER_KEY: KEY };
  const old = await folderWith({ "oplead.config.mjs": WITH_KEY, "dealers.csv": dealersCsv(4) });
  platform.fake.fail({ as: { status: 422 }, on: "createUser", times: 1 });
  expect((await oplead(old, ["sync"], { env })).code).toBe(4);
  writeFileSync(join(old, "dealers.csv"), dealersCsv(3));
  await oplead(old, ["sync"], { env });
  const file = join(old, "ledger.jsonl");
  const written = await oplead(old, ["ledger", "export", "--full", "ledger.jsonl"], { env });
  expect(written).toMatchObject({ code: 0, stderr: "" });
  const fresh = await folderWith({ "oplead.config.mjs": WITH_KEY, "dealers.csv": dealersCsv(3) });
  return { ...platform, env, old, file, fresh };
}

it("a ledger that was exported and imported elsewhere has the ids, contents, held users, leavers and runs of the exported ledger", async () => {
  const { env, old, file, fresh, writes } = await exported();
  const imported = await oplead(fresh, ["ledger", "import", file], { env });
  expect(imported).toMatchObject({ code: 0, stderr: "" });
  expect(imported.stdout).toContain("4 entries in the ledger now");
  const known = async (folder: string) => {
    const list = JSON.parse((await oplead(folder, ["ledger", "list", "--json"], { env })).stdout) as {
      revision?: number;
    }[];
    return list.map(({ revision: _, ...entry }) => entry);
  };
  expect(await known(fresh)).toEqual(await known(old));
  const before = writes();
  const night = await oplead(fresh, ["sync"], { env });
  expect(night.stdout).toContain("unchanged");
  expect(writes()).toBe(before);
  expect((await oplead(fresh, ["leavers"], { env })).stdout).toContain("DLR-3");
});

it("the file of a ledger holds no key and no personal data, and only its owner can read it", async () => {
  const { file } = await exported();
  const text = readFileSync(file, "utf8");
  expect(text).not.toMatch(/Étienne|dealers\.example/);
  expect(text).not.toContain(KEY);
  expect(statSync(file).mode & 0o077).toBe(0);
});

it("an import that was interrupted can be repeated, and an import into a ledger that has other users is refused", async () => {
  const { env, file, fresh, old } = await exported();
  const [head = "", first = "", ...rest] = readFileSync(file, "utf8").trim().split("\n");
  const part = `${[head.replace('"entries":4', '"entries":1'), first].join("\n")}\n`;
  writeFileSync(join(fresh, "part.jsonl"), part);
  expect((await oplead(fresh, ["ledger", "import", "part.jsonl"], { env })).code).toBe(0);
  expect(rest).toHaveLength(3);
  for (const _time of [1, 2]) expect((await oplead(fresh, ["ledger", "import", file], { env })).code).toBe(0);

  const other = await folderWith({
    "oplead.config.mjs": WITH_KEY,
    "dealers.csv": dealersCsv(1, "X-1;X;x@dealers.example;01000;"),
  });
  await oplead(other, ["sync"], { env });
  const refused = await oplead(other, ["ledger", "import", file], { env });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/has users already, and (?:X-1|DLR-0) is not the same/);
  expect((await oplead(old, ["ledger", "import", file], { env })).code).toBe(0);
});

it("a file that was cut, and a ledger with another key, are refused, and nothing is written", async () => {
  const { env, file, fresh } = await exported();
  const text = readFileSync(file, "utf8");
  writeFileSync(join(fresh, "cut.jsonl"), text.slice(0, -40));
  writeFileSync(join(fresh, "short.jsonl"), `${text.trim().split("\n").slice(0, -1).join("\n")}\n`);
  for (const name of ["cut.jsonl", "short.jsonl"]) {
    expect((await oplead(fresh, ["ledger", "import", name], { env })).stderr).toContain("was cut or changed");
  }
  const otherKey = { ...env, OPLEAD_LEDGER_KEY: KEY.toUpperCase() };
  const refused = await oplead(fresh, ["ledger", "import", file], { env: otherKey });
  expect(refused.stderr).toContain("another key");
  expect((await oplead(fresh, ["ledger", "list"], { env })).stdout).not.toContain("DLR-");
});

it("a ledger is neither exported nor imported while a run has it open", async () => {
  const { env, fake, old, file } = await exported();
  writeFileSync(join(old, "dealers.csv"), dealersCsv(4).replace("Étienne 0", "Roux"));
  fake.fail({ as: "hang", on: "updateUser" });
  let child: { kill(signal: NodeJS.Signals): boolean } | undefined;
  const asked = fake.requests.length;
  const night = oplead(old, ["sync"], { env, onStart: (one) => (child = one) });
  await expect.poll(() => fake.requests.length, { timeout: 600_000 }).toBeGreaterThan(asked);
  for (const words of [
    ["export", "--full", "again.jsonl"],
    ["import", file],
  ]) {
    const refused = await oplead(old, ["ledger", ...words, "--json"], { env });
    expect(refused.code).toBe(1);
    const { error } = JSON.parse(refused.stdout);
    expect(error).toMatchObject({
      code: "ledger_unavailable",
      message: expect.stringMatching(/in use|has it|is open/),
    });
  }
  child?.kill("SIGKILL");
  await night;
});

it("an export can be imported into a copy of the ledger's folder, because both have the same content", async () => {
  const { env, old, fresh, file } = await exported();
  await cp(join(old, "oplead-ledger"), join(fresh, "oplead-ledger"), { recursive: true });
  expect((await oplead(fresh, ["ledger", "import", file], { env })).code).toBe(0);
});
