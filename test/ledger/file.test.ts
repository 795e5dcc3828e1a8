import { mkdtempSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ClassicLevel } from "classic-level";
import fc from "fast-check";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { damagedEntry } from "../../src/ledger/entry.ts";
import { fileLedger, levelFailure, notLoaded, readChecked, writeChecked } from "../../src/ledger/file.ts";
import { setEntry } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";
import { describeErasing, describeLedger, entriesOf, entry } from "../support/ledger-contract.ts";

const directories: string[] = [];
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

function newPath() {
  const directory = mkdtempSync(join(tmpdir(), "oplead-ledger-"));
  directories.push(directory);
  return join(directory, "ledger");
}

async function written(texts: Record<string, string>) {
  const path = newPath();
  const level = new ClassicLevel(path);
  for (const [key, text] of Object.entries(texts)) await level.put(key, text);
  await level.close();
  return path;
}

describeLedger("fileLedger", async () => fileLedger(newPath()));
describeErasing("fileLedger", async () => {
  const path = newPath();
  const stored = async () => {
    const files = await readdir(path);
    return (await Promise.all(files.map((name) => readFile(join(path, name), "latin1")))).join();
  };
  return { ledger: fileLedger(path), stored };
});

it("no byte of an erased field is left in the files after the fileLedger was opened again", async () => {
  const path = newPath();
  const secret = (number: number) => {
    const zipCode = `secret-${number}-${"x".repeat(400)}-end`;
    return { accepted: { zipCode, rules: {} } };
  };
  const names = Array.from({ length: 300 }, (_, number) => `ACC-${number}`);
  const first = fileLedger(path);
  for (const [number, name] of names.entries()) await setEntry(first, name, entry(name, secret(number)));
  await first.close();
  const second = fileLedger(path);
  for (const name of names.slice(0, 150)) await second.replace(name, 0, entry(name, { revision: 1 }));
  await setEntry(second, "ACC-299", entry("ACC-299", { ...secret(299), at: 2 }));
  await second.close();
  const files = await Promise.all((await readdir(path)).map((name) => readFile(join(path, name), "latin1")));
  const text = files.join();
  expect(names.filter((_, number) => text.includes(`secret-${number}-`))).toEqual(names.slice(150));
  const third = fileLedger(path);
  expect(await third.get("ACC-7")).toEqual(entry("ACC-7", { revision: 1 }));
  expect((await third.get("ACC-299"))?.at).toBe(2);
  expect((await entriesOf(third)).length).toBe(300);
  await third.close();
});

it("fileLedger acknowledges an entry after its sync to disk, and waiting entries share the next", async () => {
  const ledger = fileLedger(newPath());
  await setEntry(ledger, "ACC-0", entry("0"));
  const real = ClassicLevel.prototype.batch;
  const syncs: { readonly keys: string[]; readonly go: (failure?: Error) => void }[] = [];
  const spy = vi.spyOn(ClassicLevel.prototype, "batch").mockImplementation(async function (
    this: ClassicLevel,
    ...args: unknown[]
  ) {
    const [puts, options] = args as [{ key: string }[], object];
    expect(options).toEqual({ sync: true });
    await new Promise<void>((resolve, reject) => {
      const go = (failure?: Error) => (failure ? reject(failure) : resolve());
      syncs.push({ keys: puts.map(({ key }) => key), go });
    });
    await Reflect.apply(real, this, args);
  } as never);
  onTestFinished(() => spy.mockRestore());
  const done: string[] = [];
  const write = (name: string) =>
    ledger.replace(name, 0, entry(name)).then(
      () => done.push(name),
      ({ code }) => done.push(`${name} ${code}`),
    );
  const first = write("ACC-1");
  await vi.waitFor(() => expect(syncs).toHaveLength(1));
  const others = ["ACC-2", "ACC-3", "ACC-4"].map(write);
  // After these reads, each of the three writes has read its entry.
  for (let read = 0; read < 20; read += 1) await ledger.get("ACC-0");
  expect([syncs.length, done]).toEqual([1, []]);
  syncs[0]?.go();
  await first;
  await vi.waitFor(() => expect(syncs).toHaveLength(2));
  expect(syncs[1]?.keys.toSorted()).toEqual(["ACC-2", "ACC-3", "ACC-4"]);
  expect(done).toEqual(["ACC-1"]);
  syncs[1]?.go(new Error("the disk is full"));
  await Promise.all(others);
  expect(done.slice(1).toSorted()).toEqual(["ACC-2", "ACC-3", "ACC-4"].map((name) => `${name} ledger_unavailable`));
  const again = write("ACC-2");
  await vi.waitFor(() => expect(syncs).toHaveLength(3));
  syncs[2]?.go();
  await again;
  expect(done.at(-1)).toBe("ACC-2");
  expect((await entriesOf(ledger)).map(([name]) => name)).toEqual(["ACC-0", "ACC-1", "ACC-2"]);
  spy.mockRestore();
  await ledger.close();
});

it("fileLedger makes a directory that only its owner can enter, and does not change an existing one", async () => {
  const path = newPath();
  const made = fileLedger(path);
  await setEntry(made, "ACC-1", entry("1"));
  await made.close();
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  await chmod(path, 0o750);
  const found = fileLedger(path);
  expect(await found.get("ACC-1")).toEqual(entry("1"));
  await found.close();
  expect((await stat(path)).mode & 0o777).toBe(0o750);
});

it("fileLedger says that another fileLedger has the directory open, and works once that is closed", async () => {
  const path = newPath();
  const first = fileLedger(path);
  await setEntry(first, "ACC-1", entry("1"));
  const second = fileLedger(path);
  const error = await failureOf(second.get("ACC-1"));
  expect(error).toMatchObject({ code: "ledger_unavailable", retryable: true });
  expect(error.message).toContain("is in use: another process");
  await first.close();
  expect(await second.get("ACC-1")).toEqual(entry("1"));
  await second.close();
});

it("a process cannot open a directory twice at the same time, under two names or through symbolic links", async () => {
  const path = newPath();
  await mkdir(path);
  for (let at = 0; at < 5; at += 1) await symlink(path, `${path}-${at}`);
  const names = [
    path,
    relative(process.cwd(), path),
    `${path}/../ledger`,
    ...[0, 1, 2, 3, 4].map((at) => `${path}-${at}`),
  ];
  const ledgers = names.map((name) => fileLedger(name));
  const writes = await Promise.allSettled(ledgers.map((ledger, at) => setEntry(ledger, `ACC-${at}`, entry(`${at}`))));
  expect(writes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const ledger of ledgers) await ledger.close();
  const opened = fileLedger(path);
  expect(await entriesOf(opened)).toHaveLength(1);
  await opened.close();
});

it("fileLedger creates no file before it is used, and cannot be used after close()", async () => {
  const path = newPath();
  const ledger = fileLedger(path);
  await ledger.close();
  expect((await failureOf(() => ledger.get("ACC-1"))).message).toContain("has been closed");
  const other = fileLedger(path);
  expect(await entriesOf(other)).toEqual([]);
  await other.close();
});

it("fileLedger keeps writes that were still waiting for the disk when it was closed", async () => {
  const path = newPath();
  const ledger = fileLedger(path);
  await ledger.replace("ACC-1", 0, entry("ACC-1", { revision: 1 }));
  const { batch } = ClassicLevel.prototype;
  let free = () => {};
  const disk = new Promise<void>((resolve) => {
    free = resolve;
  });
  const slow = vi.spyOn(ClassicLevel.prototype, "batch");
  onTestFinished(() => slow.mockRestore());
  slow.mockImplementation(async function (this: ClassicLevel, ...args: unknown[]) {
    await disk;
    return Reflect.apply(batch, this, args);
  } as never);
  const writes = [ledger.replace("ACC-2", 0, entry("ACC-2", { revision: 1 }))];
  await vi.waitFor(() => expect(slow).toHaveBeenCalled());
  writes.push(ledger.replace("ACC-1", 1, entry("ACC-1", { revision: 2, id: undefined })));
  const closing = ledger.close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  free();
  expect(await Promise.all(writes)).toEqual([true, true]);
  await closing;
  const again = fileLedger(path);
  expect((await entriesOf(again)).map(([, { revision }]) => revision)).toEqual([2, 1]);
  await again.close();
});

it("fileLedger's error has the system's code for its directory, and an empty path is refused", async () => {
  const error = await failureOf(fileLedger("/dev/null/ledger").get("ACC-1"));
  expect(error).toMatchObject({ code: "ledger_unavailable", retryable: true });
  expect(error.message).toContain("cannot be opened (ENOTDIR). A part of the path is a file");
  for (const path of ["", "  ", undefined]) expect(() => fileLedger(path as string)).toThrow("must be the path");
});

it.each([
  ...['{"rules":{},"at":1}', "", "{"],
  ...[{}, null, { rules: null, at: 1 }, [], 7, { rules: {}, at: 1, missingSince: 1e300 }].map((value) =>
    writeChecked("ACC-1", value),
  ),
])("fileLedger marks an entry that is stored as %s as damaged, and can replace it", async (text) => {
  const ledger = fileLedger(await written({ "ACC-1": text, "ACC-2": writeChecked("ACC-2", {}) }));
  expect(await entriesOf(ledger)).toEqual([
    ["ACC-1", damagedEntry],
    ["ACC-2", damagedEntry],
  ]);
  expect(await ledger.replace("ACC-1", 0, entry("1", { revision: 1 }))).toBe(true);
  expect(await ledger.get("ACC-1")).toEqual(entry("1", { revision: 1 }));
  await ledger.close();
});

it("fileLedger says that its files are damaged, with an error that is not retryable", async () => {
  const path = newPath();
  const ledger = fileLedger(path);
  await setEntry(ledger, "ACC-1", entry("1"));
  await ledger.close();
  for (const name of await readdir(path)) if (name.startsWith("MANIFEST")) await truncate(join(path, name), 10);
  const error = await failureOf(fileLedger(path).get("ACC-1"));
  expect(error).toMatchObject({ code: "ledger_unavailable", retryable: false });
  expect(error.message).toContain("restore it from a backup");
});

it("fileLedger does not silently lose the last writes if its files are cut off after close()", async () => {
  const path = newPath();
  const ledger = fileLedger(path);
  for (let number = 0; number < 300; number += 1) await setEntry(ledger, `ACC-${number}`, entry(String(number)));
  await ledger.close();
  for (const name of await readdir(path)) {
    if (/\.(log|ldb)$/.test(name)) {
      await truncate(join(path, name), Math.floor((await stat(join(path, name))).size / 2));
    }
  }
  const again = fileLedger(path);
  const error = await failureOf(entriesOf(again));
  expect(error).toMatchObject({ code: "ledger_unavailable" });
  expect(error.message).toContain("If its files are incomplete");
  await again.close().catch(() => {});
});

it("a value with a checksum is refused if any bit is flipped, or if it is read under another key", () => {
  const value = entry("100001", { revision: 3, version: "2026-01-01T00:00:00Z" });
  const stored = Buffer.from(writeChecked("ACC-1", value));
  expect(readChecked("ACC-1", stored.toString())).toEqual(value);
  expect(readChecked("ACC-2", stored.toString())).toBeUndefined();
  fc.assert(
    fc.property(fc.nat(stored.length * 8 - 1), (bit) => {
      const flipped = Buffer.from(stored);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(readChecked("ACC-1", flipped.toString())).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ["ERR_MODULE_NOT_FOUND", "not installed here"],
  ["MODULE_NOT_FOUND", "not installed here"],
  ["ERR_DLOPEN_FAILED", "its binary cannot be loaded"],
])("if a package cannot be loaded because of %s, the error is not retryable and has this text: %s", (code, message) => {
  const error = notLoaded(Object.assign(new Error("no"), { code }));
  expect(error).toMatchObject({ code: "ledger_unavailable", retryable: false });
  expect(error.message).toContain(message);
  expect(error.cause).toBeDefined();
});

it.each([
  ["IO error: /l/000003.log: No space left on device", "The disk is full"],
  ["IO error: /l/LOCK: Permission denied", "This process may not write there"],
  ["IO error: /l/LOCK: Read-only file system", "The file system can only be read"],
  ["IO error: lock /l/LOCK: No locks available", "The file system cannot lock files"],
  ["IO error: /l: Permission denied/MANIFEST: Input/output error", "Check that the disk has room"],
])("if LevelDB cannot open a ledger and says %s, the error says what to do: %s", (said, advice) => {
  const cause = Object.assign(new Error(said), { code: "LEVEL_IO_ERROR" });
  const error = levelFailure(
    "/l",
    Object.assign(new Error("not open", { cause }), { code: "LEVEL_DATABASE_NOT_OPEN" }),
    true,
  );
  expect(error).toMatchObject({ code: "ledger_unavailable", retryable: true });
  expect(error.message).toContain(`The ledger at /l cannot be opened (LEVEL_IO_ERROR). ${advice}`);
});

it.each(["No space left on device", "Disk quota exceeded"])(
  "the error of a write that says %s asks for room, and not to delete the ledger",
  (said) => {
    const error = levelFailure(
      "/l",
      Object.assign(new Error(`IO error: /l/3.log: ${said}`), { code: "LEVEL_IO_ERROR" }),
    );
    expect(error).toMatchObject({ code: "ledger_unavailable", retryable: true });
    expect(error.message).toBe(
      "The disk of the ledger at /l is full. Make room and run again: what Oplead acknowledged is kept, or is found again.",
    );
  },
);
