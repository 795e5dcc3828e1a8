import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { exportLedger, importLedger, isLedgerFile } from "../../../src/command/run/ledger-file.ts";
import { type Ledger, type LedgerEntry, memoryLedger } from "../../../src/sync/index.ts";
import { folderWith } from "../../support/folder.ts";
import { entriesOf } from "../../support/ledger-contract.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const NEW_KEY = KEY.toUpperCase();
const PLATFORM = { baseUrl: "https://oplead.example", name: "staging" };

type Entries = readonly (readonly [accountNumber: string, entry: object])[];

const entry = (number: number): LedgerEntry => ({ id: `R${number}`, user: "hash", rules: {}, at: 1, version: "é 🚗" });
const FOUR: Entries = [1, 2, 3, 4].map((number) => [`ACC-${number}`, entry(number)] as const);

// Of a ledger that gives these entries, even if no ledger has such.
async function exported(entries: Entries = FOUR, runs = 3): Promise<string> {
  const ledger = memoryLedger({ ledgerKey: KEY });
  const { key } = await ledger.fingerprints();
  const given = async function* () {
    for (const [accountNumber, entry] of entries) yield [accountNumber, { ...entry, key }];
  };
  await ledger.setInfo({ platform: PLATFORM, runs });
  await ledger.writeNote("approval", undefined, "{}");
  const file = join(await folderWith({}), "ledger.jsonl");
  await exportLedger({ ...ledger, entries: given as Ledger["entries"] }, file);
  return file;
}

async function imported(file: string, { ledgerKey = KEY as string | string[], platform = PLATFORM } = {}) {
  const ledger = memoryLedger({ ledgerKey });
  const said = await importLedger(ledger, file, platform).then(String, (error: Error) => error.message);
  return { said, entries: await entriesOf(ledger), info: await ledger.getInfo(), ledger };
}

const differs = (line: number) => `line ${line}: was changed, moved, added or cut off`;
const text = (lines: readonly (string | undefined)[]) => `${lines.join("\n")}\n`;

it("a ledger's file is imported with all that was exported, also with other line ends", async () => {
  const file = await exported();
  for (const change of [(whole: string) => whole, (whole: string) => whole.replaceAll("\n", "\r\n")]) {
    writeFileSync(file, change(readFileSync(file, "utf8")));
    const { said, entries, info, ledger } = await imported(file);
    expect(said).toBe("4");
    expect(entries).toMatchObject(FOUR);
    expect(info).toMatchObject({ platform: PLATFORM, runs: 3 });
    expect(await ledger.readNote("approval")).toBe("{}");
  }
});

it.each<[what: string, change: (lines: string[]) => string, said: string]>([
  [
    "two ids exchanged",
    (lines) => text(lines).replace('"R2"', '"-"').replace('"R3"', '"R2"').replace('"-"', '"R3"'),
    differs(3),
  ],
  ["its lines sorted", (lines) => text([...lines].sort()), differs(1)],
  ["an account number edited", (lines) => text(lines).replace("ACC-3", "ACC-9"), differs(4)],
  ["another platform in its head", (lines) => text(lines).replace("oplead.example", "other.example"), differs(1)],
  ["another approval in its head", (lines) => text(lines).replace('"approval":"{}"', '"approval":"{ }"'), differs(1)],
  ["a line twice", (lines) => text([...lines, lines.at(-1)]), differs(6)],
  ["a second export behind it", (lines) => text([...lines, ...lines]), differs(6)],
  ["a line taken out", (lines) => text(lines.toSpliced(2, 1)), differs(3)],
  ["its last line taken out", (lines) => text(lines.slice(0, -1)), differs(5)],
  ["its head taken out", (lines) => text(lines.slice(1)), differs(1)],
  ["letters that an editor normalised", (lines) => text(lines).normalize("NFD"), differs(2)],
  ["the form of another version", (lines) => text(lines).replace('"version":2', '"version":1'), "another version"],
])(
  "a ledger's file with %s is refused with the first line that differs, and nothing is imported",
  async (_, change, said) => {
    const file = await exported();
    writeFileSync(file, change(readFileSync(file, "utf8").trim().split("\n")));
    expect(isLedgerFile(file)).toBe(true);
    const result = await imported(file);
    expect(result.said).toContain(said);
    expect(result.said).toContain("Nothing was imported");
    expect([result.entries, result.info]).toEqual([[], undefined]);
  },
);

it.each<[what: string, entries: Entries, said: string]>([
  [
    "an id of two users",
    [
      ["A-1", entry(1)],
      ["A-2", entry(1)],
    ],
    "line 3: has the account number or ID of line 2",
  ],
  [
    "an account number twice",
    [
      ["A-1", entry(1)],
      ["A-1", entry(2)],
    ],
    "line 3: has the account number or ID of line 2",
  ],
  [
    "an id that is no text",
    [
      ["A-1", entry(1)],
      ["A-2", { ...entry(2), id: 2 }],
    ],
    differs(3),
  ],
  ["a time before 1970", [["A-1", { ...entry(1), at: -1 }]], differs(2)],
  ["an empty account number", [["", entry(1)]], differs(2)],
  ["an entry of the package", [[" oplead key", entry(1)]], differs(2)],
])("a ledger's file with %s is refused although its checksums are right", async (_, entries, said) => {
  const result = await imported(await exported(entries));
  expect(result.said).toContain(said);
  expect(result.entries).toEqual([]);
});

it("an entry that is damaged in an exported ledger is damaged in the imported one, too", async () => {
  const { entries } = await imported(await exported([["A-1", { rules: {}, at: 0, damaged: true }]]));
  expect(entries).toEqual([["A-1", { rules: {}, at: 0, damaged: true }]]);
});

it("a ledger's file is imported with its key, also behind a newer one, and with no other", async () => {
  const file = await exported();
  expect((await imported(file, { ledgerKey: NEW_KEY })).said).toContain("another key");
  expect((await imported(file, { ledgerKey: [NEW_KEY, KEY] })).said).toBe("4");
  expect((await imported(file, { ledgerKey: [KEY, NEW_KEY] })).said).toBe("4");
});
