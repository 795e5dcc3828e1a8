import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fileLedger } from "../../../src/sync/index.ts";
import { configWith, dealersCsv, openPlatform, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const WITH_KEY = configWith('ledgerKey: env("OPLEAD_LEDGER_KEY"),');

async function exported() {
  const platform = await openPlatform();
  const env = { ...platform.env, OPLEAD_LEDGER_KEY: KEY };
  const old = await folderWith({ "oplead.config.mjs": WITH_KEY, "dealers.csv": dealersCsv(4) });
  platform.fake.fail({ as: { status: 422 }, on: "createUser", times: 1 });
  expect((await oplead(old, "sync", { env })).code).toBe(4);
  writeFileSync(join(old, "dealers.csv"), dealersCsv(3));
  await oplead(old, "sync", { env });
  const file = join(old, "ledger.jsonl");
  const written = await oplead(old, "ledger export --full ledger.jsonl", { env });
  expect(written).toMatchObject({ code: 0, stderr: "" });
  const fresh = await folderWith({ "oplead.config.mjs": WITH_KEY, "dealers.csv": dealersCsv(3) });
  return { ...platform, env, url: platform.env.OPLEAD_BASE_URL, old, file, fresh };
}

it("a ledger exported and imported elsewhere has all ids, contents, held users, leavers and runs", async () => {
  const { env, old, file, fresh, writes } = await exported();
  const imported = await oplead(fresh, ["ledger", "import", file], { env });
  expect(imported).toMatchObject({ code: 0, stderr: "" });
  expect(imported.stdout).toContain("4 entries in the ledger now");
  const known = async (folder: string) => {
    const list = JSON.parse((await oplead(folder, "ledger list --json", { env })).stdout) as {
      revision?: number;
    }[];
    return list.map(({ revision: _, ...entry }) => entry);
  };
  expect(await known(fresh)).toEqual(await known(old));
  const before = writes();
  const night = await oplead(fresh, "sync", { env });
  expect(night.stdout).toContain("unchanged");
  expect(writes()).toBe(before);
  expect((await oplead(fresh, "leavers", { env })).stdout).toContain("DLR-3");
});

it("the file of a ledger holds no key and no personal data, and only its owner can read it", async () => {
  const { file } = await exported();
  const text = readFileSync(file, "utf8");
  expect(text).not.toMatch(/Étienne|dealers\.example/);
  expect(text).not.toContain(KEY);
  expect(statSync(file).mode & 0o077).toBe(0);
});

it("an import that was interrupted can be repeated, and one into a ledger with others is refused", async () => {
  const { env, file, fresh, old } = await exported();
  const [, first = ""] = readFileSync(file, "utf8").split("\n");
  const { accountNumber, entry } = JSON.parse(first);
  const begun = fileLedger(join(fresh, "oplead-ledger"), { ledgerKey: KEY });
  await begun.replace(accountNumber, 0, entry);
  await begun.close();
  for (const _time of [1, 2]) expect((await oplead(fresh, ["ledger", "import", file], { env })).code).toBe(0);

  const other = await folderWith({
    "oplead.config.mjs": WITH_KEY,
    "dealers.csv": dealersCsv(1, "X-1;X;x@dealers.example;01000;"),
  });
  await oplead(other, "sync", { env });
  const refused = await oplead(other, ["ledger", "import", file], { env });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/has users already, and (?:X-1|DLR-0) is not the same/);
  expect((await oplead(old, ["ledger", "import", file], { env })).code).toBe(0);
});
