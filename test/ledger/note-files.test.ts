import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileLedger } from "../../src/sync/index.ts";
import { setEntry } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";
import { entriesOf, entry } from "../support/ledger-contract.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "oplead-notes-"));
  path = join(folder, "night", "ledger");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("the key of a file ledger is in a file beside the folder, which only its owner can read", async () => {
  const ledger = fileLedger(`${path}/`);
  await setEntry(ledger, "ACC-1", entry("1"));
  expect(await ledger.writeNote("key", undefined, "a-secret")).toBe(true);
  expect(await ledger.writeNote("approval", undefined, "an-approval")).toBe(true);
  expect(await entriesOf(ledger)).toEqual([["ACC-1", entry("1")]]);
  await ledger.close();
  expect(await readFile(`${path}.key`, "utf8")).toBe("a-secret\n");
  expect((await stat(`${path}.key`)).mode & 0o777).toBe(0o600);
  expect((await readdir(join(folder, "night"))).sort()).toEqual(["ledger", "ledger.key"]);
  const inside = await Promise.all((await readdir(path)).map((name) => readFile(join(path, name), "latin1")));
  expect(inside.join()).not.toContain("a-secret");
  expect(inside.join()).toContain("an-approval");
});

it("the pause of a file ledger can be set and ended while another process has the ledger open", async () => {
  const [night, administrator] = [fileLedger(path), fileLedger(path)];
  await setEntry(night, "ACC-1", entry("1"));
  expect(await administrator.writeNote("pause", undefined, "until Monday")).toBe(true);
  expect(await night.readNote("pause")).toBe("until Monday");
  expect(await administrator.writeNote("pause", "until Sunday", undefined)).toBe(false);
  expect(await administrator.writeNote("pause", "until Monday", "until Friday")).toBe(true);
  expect(await administrator.writeNote("pause", "until Friday", undefined)).toBe(true);
  expect(await night.readNote("pause")).toBeUndefined();
  expect(await failureOf(administrator.get("ACC-1"))).toMatchObject({ code: "ledger_unavailable" });
  await night.close();
  expect(await readdir(join(folder, "night"))).toEqual(["ledger"]);
});

it("two processes that make a key at the same moment use the same key", async () => {
  const ledgers = Array.from({ length: 8 }, () => fileLedger(path));
  const tries = await Promise.all(ledgers.map((ledger, at) => ledger.writeNote("key", undefined, `key-${at}`)));
  const keys = await Promise.all(ledgers.map((ledger) => ledger.readNote("key")));
  expect(new Set(keys).size).toBe(1);
  expect(tries.flatMap((isWritten, at) => (isWritten ? [`key-${at}`] : []))).toEqual([keys[0]]);
});

it("reading a note creates no file, and a note that cannot be read is ledger_unavailable", async () => {
  const ledger = fileLedger(path);
  expect(await ledger.readNote("key")).toBeUndefined();
  await ledger.close();
  expect(await readdir(folder)).toEqual([]);
  const odd = fileLedger(join(folder, "odd"));
  await writeFile(join(folder, "odd.pause"), "x");
  expect(await failureOf(fileLedger(join(folder, "odd.pause", "ledger")).readNote("key"))).toMatchObject({
    code: "ledger_unavailable",
    message: expect.stringContaining("ledger.key of the ledger cannot be read (ENOTDIR)"),
  });
  expect(await odd.readNote("pause")).toBe("x");
  await chmod(join(folder, "odd.pause"), 0o600);
  expect(
    await failureOf(fileLedger(join(folder, "odd.pause", "ledger")).writeNote("pause", undefined, "x")),
  ).toMatchObject({ code: "ledger_unavailable" });
});
