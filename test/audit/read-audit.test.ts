import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type AuditQuery, readAudit } from "../../src/audit/read-audit.ts";
import { folderWith } from "../support/folder.ts";

const line = (accountNumber: string, run: string, more = {}) =>
  `${JSON.stringify({ event: "user", version: 2, time: "2026-01-31T02:00:00.000Z", origin: "sync", run, accountNumber, ...more })}\n`;
const ended = (run: string) => `${JSON.stringify({ event: "run_ended", version: 2, run })}\n`;
const place = async (text: string) => join(await folderWith({ "audit.jsonl": text }), "audit.jsonl");
const read = (file: string, query?: AuditQuery) =>
  [...readAudit(file, query)].map((one) => ("accountNumber" in one ? one.accountNumber : `end of ${one.run}`));

it("an audit can be read whole, or only the lines about one user, one run, or the runs", async () => {
  const file = await place(line("A", "1") + line('É"\\', "1") + ended("1") + line("A", "2") + ended("2"));
  expect(read(file)).toEqual(["A", 'É"\\', "end of 1", "A", "end of 2"]);
  expect(read(file, { accountNumber: "A" })).toEqual(["A", "A"]);
  expect(read(file, { accountNumber: 'É"\\' })).toEqual(['É"\\']);
  expect(read(await place(line("A", "1", { id: "7" }) + line("B", "2", { id: "7" })), { id: "7" })).toEqual(["A", "B"]);
  expect(read(file, { run: "1" })).toEqual(["A", 'É"\\', "end of 1"]);
  expect(read(file, { run: "2", runs: true })).toEqual(["end of 2"]);
  expect(read(file, { runs: true })).toEqual(["end of 1", "end of 2"]);
});

it("reading an audit skips half a line and a line that is not JSON, and a missing file gives no line", async () => {
  const file = await place(`${line("A", "1")}{"event":"user","version":2,"accountNumber":"A"\nA\n1\n`);
  appendFileSync(file, '{"event":"user","version":2,"accountNumber":"A","run"');
  expect(read(file)).toEqual(["A"]);
  expect(read(join(file, "..", "none.jsonl"))).toEqual([]);
  expect(() => read(join(file, ".."))).toThrow(/cannot be read \(EISDIR\)/);
});

it("reading an audit refuses a line of an unknown version, unless it is about other users", async () => {
  const file = await place(line("A", "1") + line("B", "2", { version: 1 }));
  expect(read(file, { accountNumber: "A" })).toEqual(["A"]);
  expect(() => read(file)).toThrow(
    /has lines of version 1, .* Use the version that wrote them, or move the file away\./,
  );
});

it.each([-1, 0, 1, 2, 200])(
  "an audit line that ends %d bytes from the border between two chunks of the file is read once",
  async (offset) => {
    const first = line("A", "1");
    const file = await place("");
    const border = 4_194_304;
    writeFileSync(file, `${" ".repeat(border - first.length + offset - 1)}\n${first}${line("A", "2")}`);
    expect(read(file, { accountNumber: "A" })).toEqual(["A", "A"]);
  },
);
