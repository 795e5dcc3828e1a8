import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { onPlatform, openPlatform, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const csv = "ref\n1001\n";
const configWith = (ledger: string) => `
import { csvSource, defineConfig } from "oplead-sdk/config";
import { createLedger } from "oplead-sdk/sync";

const stored = new Map();
const store = {
  get: async (accountNumber) => stored.get(accountNumber),
  replace: async (accountNumber, expected, entry) => {
    if ((stored.get(accountNumber)?.revision ?? 0) !== expected) return false;
    stored.set(accountNumber, entry);
    return true;
  },
  async *entries() {
    yield* [...stored];
  },
};

export default defineConfig({
  client: { token: "a-token", baseUrl: process.env.OPLEAD_BASE_URL },
  source: csvSource("dealers.csv", { columns: ["ref"] }),
  key: (row) => \`HR-\${row.ref}\`,
  map: () => null,
  ${ledger}
});
`;

async function ledgerAnswers(folder: string, env: Readonly<Record<string, string>>) {
  const { stdout } = await oplead(folder, "doctor --json", { env });
  const { checks } = JSON.parse(stdout) as { checks: { name: string; code: string; state: string }[] };
  return checks.filter(({ name }) => name === "Ledger").map(({ code, state }) => `${state} ${code}`);
}

it("oplead doctor warns of a ledger that keeps its key in its own store", async () => {
  const { env } = await openPlatform();
  const folder = await folderWith({
    "dealers.csv": csv,
    "oplead.config.mjs": configWith("ledger: createLedger(store),"),
  });
  expect(await ledgerAnswers(folder, env)).toEqual(["ok ledger_opened", "warning ledger_key_in_store"]);
  const given = 'ledger: createLedger(store, { ledgerKey: "a secret of the tests" }),';
  await writeFile(join(folder, "oplead.config.mjs"), configWith(given));
  expect(await ledgerAnswers(folder, env)).toEqual(["ok ledger_opened"]);
});

it("oplead doctor says if a key's file is open to others, is damaged, or cannot be read", async () => {
  const { env, folder, run } = await onPlatform(
    folderWith({ "dealers.csv": csv, "oplead.config.mjs": configWith("") }),
  );
  expect(await ledgerAnswers(folder, env)).toEqual(["ok ledger_new"]);
  expect(await run("sync --quiet")).toMatchObject({ code: expect.any(Number) });
  const key = join(folder, "oplead-ledger.key");
  await writeFile(key, `${"k".repeat(43)}\n`, { mode: 0o600 });
  expect(await ledgerAnswers(folder, env)).toEqual(["ok ledger_opened"]);
  await chmod(key, 0o644);
  expect(await ledgerAnswers(folder, env)).toEqual(["ok ledger_opened", "warning env_file_open"]);
  await writeFile(key, "half a k");
  expect(await ledgerAnswers(folder, env)).toEqual(["ok ledger_opened", "warning ledger_key_unusable"]);
  await rm(key);
  await mkdir(key);
  expect(await ledgerAnswers(folder, env)).toEqual(["ok ledger_opened", "warning ledger_key_unusable"]);
  await writeFile(join(folder, "oplead-ledger.mark.json"), '{"default":{"runs":6,"lastRunId":"r"}}');
  await rm(join(folder, "oplead-ledger"), { recursive: true });
  expect(await ledgerAnswers(folder, env)).toEqual(["warning ledger_lost"]);
});
