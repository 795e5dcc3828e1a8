import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { auditFile, openAudit } from "../../src/audit/audit-file.ts";
import { readAudit } from "../../src/audit/read-audit.ts";
import { isOpleadError, type OpleadError } from "../../src/index.ts";
import { memoryLedger, syncUsers, type UserOutcome } from "../../src/sync/index.ts";
import { createUserWebhook } from "../../src/webhook/index.ts";
import { folderWith } from "../support/folder.ts";
import { creationOf, eachTestItsWorld, user, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const place = async (files = {}) => join(await folderWith(files), "audit.jsonl");

const told = (accountNumber: string, more: object = {}): UserOutcome => ({
  ...{ accountNumber, id: "1", outcome: "updated", final: true, testMode: false, fields: ["phone"] },
  ...{ applied: ["user", "maxDistance"], failed: [], held: [], requests: 2, requestIds: ["r-1"], ...more },
});

it("a run and a webhook write one line for each user, with fields, rules, failures and every request id", async () => {
  const file = await place();
  const audit = openAudit(file);
  const oplead = on.world.connect();
  const ledger = memoryLedger();
  on.world.fake.fail({ on: creationOf("ACC-1"), as: { status: 422 }, times: 9 });
  const map = (one: ReturnType<typeof user>) => ({ user: { ...one, parentUserIdentifier: undefined } });
  const options = { map, ledger, runId: "night-1", guard: false, onUser: audit.onUser } as const;
  await syncUsers(oplead, { ...options, source: users(2) });
  const webhook = createUserWebhook(oplead, {
    ...{ verify: "none", ledger, onOutcome: audit.onOutcome, onRefused: () => {}, deliveryId: "x-id" },
    map: () => ({ ...map(user(0, { phone: "+33 1" })), rules: { maxDistance: 30 } }),
  });
  const request = { method: "POST", body: "{}", headers: { "x-id": "d-1", "content-type": "application/json" } };
  expect((await webhook(new Request("http://localhost/", request))).status).toBe(200);
  const lines = [...readAudit(file)];
  expect(lines).toHaveLength(3);
  const common = { version: 2, event: "user", testMode: false, time: expect.stringMatching(/^20.*Z$/) };
  expect(lines.find((line) => "accountNumber" in line && line.accountNumber === "ACC-1")).toMatchObject({
    ...{ ...common, origin: "sync", run: "night-1", outcome: "failed" },
    failed: [{ step: "user", code: "refused", status: 422, held: true, requestId: expect.any(String) }],
  });
  expect(lines[2]).toMatchObject({
    ...{ ...common, origin: "serve", delivery: "d-1", accountNumber: "ACC-0", outcome: "updated" },
    ...{ fields: ["phone"], rules: ["maxDistance"], failed: [] },
  });
  const ids = lines.flatMap((line) => ("requestIds" in line ? line.requestIds : []));
  const writes = on.world.fake.requests.filter(({ method }) => method !== "GET");
  expect([new Set(ids).size, ids.length]).toEqual([writes.length, writes.length]);
  expect(readFileSync(file, "utf8")).not.toMatch(/dealers\.example|Dupont|\+33/);
  await audit.close();
});

it("the audit line of a worker says so, with its rules, and half a line spoils no later line", async () => {
  const file = await place({ "audit.jsonl": '{"event":"user","version":2,"acc' });
  const audit = openAudit(file, { now: () => Date.UTC(2026, 0, 31, 2) });
  audit.onUser(told("A", { killed: true }));
  expect([...readAudit(file)]).toEqual([
    {
      ...{ event: "user", version: 2, time: "2026-01-31T02:00:00.000Z", origin: "worker", accountNumber: "A", id: "1" },
      ...{ outcome: "updated", fields: ["phone"], rules: ["maxDistance"], failed: [], requestIds: ["r-1"] },
      ...{ testMode: false, killed: true },
    },
  ]);
  await audit.close();
});

it("an audit with a new file each day deletes only old files, and is read as one", async () => {
  const file = await place({
    "audit.jsonl": "",
    "audit.2020-01-01.jsonl": "",
    "audit.notes.jsonl": "",
    "other.2020-01-01.jsonl": "",
  });
  let now = Date.UTC(2026, 0, 30, 23, 59);
  const audit = openAudit({ file, keepDays: 2 }, { now: () => now });
  for (const name of ["A", "B", "C", "D"]) {
    audit.onUser(told(name));
    now += 86_400_000;
  }
  await audit.close();
  const days = ["audit.2026-01-31.jsonl", "audit.2026-02-01.jsonl", "audit.2026-02-02.jsonl"];
  expect(readdirSync(join(file, "..")).sort()).toEqual([
    ...days,
    "audit.jsonl",
    "audit.notes.jsonl",
    "other.2020-01-01.jsonl",
  ]);
  expect([...readAudit(file)].map((line) => "accountNumber" in line && line.accountNumber)).toEqual(["B", "C", "D"]);
  expect(statSync(join(file, "..", days[0] ?? "")).mode & 0o777).toBe(0o600);
});

it("two processes that write before and after midnight lose no line", async () => {
  const file = await place();
  let now = Date.UTC(2026, 0, 30, 23, 59, 59, 990);
  const writers = [openAudit({ file }, { now: () => now }), openAudit({ file }, { now: () => now })];
  for (let line = 0; line < 40; line += 1, now += 1) writers[line % 2]?.onUser(told(`A-${line}`));
  const names = [...readAudit(file)].map((line) => "accountNumber" in line && line.accountNumber);
  expect(names).toEqual(Array.from({ length: 40 }, (_, line) => `A-${line}`));
});

it("an audit that cannot be written throws audit_unavailable with the path and the reason", async () => {
  const failure = (task: () => unknown): OpleadError => {
    try {
      task();
    } catch (error) {
      if (isOpleadError(error)) return error;
    }
    throw new Error("it did not fail");
  };
  const write = (path: string) => failure(() => openAudit(path).onUser(told("A")));
  expect(write("/nowhere/audit.jsonl")).toMatchObject({
    code: "audit_unavailable",
    message: expect.stringContaining("/nowhere/audit.jsonl cannot be written (ENOENT)"),
  });
  expect(write("/dev/full").message).toContain("(ENOSPC)");
  const wrong = failure(() => auditFile({ file: "a", keepDays: 0, days: 1 } as never));
  expect(wrong.issues?.map(({ path }) => path).sort()).toEqual(["place.days", "place.keepDays"]);
});

it("opening an audit file fails in a run time without a file system, and names those that have one", async () => {
  const file = await place();
  const { getBuiltinModule } = process;
  Reflect.set(process, "getBuiltinModule", undefined);
  try {
    expect(() => openAudit(file).onUser(told("A"))).toThrow("An audit file needs files: Node, Bun or Deno.");
  } finally {
    process.getBuiltinModule = getBuiltinModule;
  }
});

it("an audit line holds only the fields of its form, even if the written object has other fields", async () => {
  const file = await place();
  const ended = {
    event: "run_ended",
    run: "night-1",
    status: "failed",
    testMode: false,
    counts: {},
    requests: 0,
  } as const;
  const line = { ...ended, durationMs: 1, findings: [], password: "hunter2" };
  openAudit(file).write(line);
  openAudit(file).onUser({ ...told("ACC-1"), ...{ lastname: "Martin" } });
  expect([...readAudit(file)]).toMatchObject([ended, { event: "user", accountNumber: "ACC-1" }]);
  expect(readFileSync(file, "utf8")).not.toMatch(/hunter2|Martin/);
});
