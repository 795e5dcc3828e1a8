import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configWith, dealersCsv, onPlatform, openPlatform, oplead, projectWith } from "../support/command.ts";
import { folderWith } from "../support/folder.ts";
import { serve } from "../support/servers.ts";

const project = (rows = 3, lines = "") => projectWith(lines, dealersCsv(rows));

it("after a saved plan was applied, the next plan is empty and sends nothing", async () => {
  const { fake, writes, folder, run } = await onPlatform(project());
  const first = await run("plan --out plan.json --detailed-exitcode");
  expect(first.code).toBe(2);
  expect(first.stdout).toContain("3  new");
  expect(writes()).toBe(0);
  expect(readFileSync(join(folder, "plan.json"), "utf8")).not.toContain("Étienne");

  const applied = await run("apply plan.json --json");
  expect(applied.code).toBe(0);
  expect(JSON.parse(applied.stdout)).toMatchObject({ status: "complete", counts: { created: 3 } });
  expect(fake.users.map(({ lastname }) => lastname).sort()).toEqual(["Étienne 0", "Étienne 1", "Étienne 2"]);
  const sent = writes();

  const second = await run("plan --detailed-exitcode --json");
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({ version: "6.0", counts: { unchanged: 3, new: 0 }, changes: [] });
  expect(writes()).toBe(sent);

  const audit = readFileSync(join(folder, "oplead-audit.jsonl"), "utf8").trim().split("\n");
  const lines = audit.map((line) => JSON.parse(line)).filter(({ event }) => event === "user");
  expect(lines.map(({ accountNumber }) => accountNumber).sort()).toEqual(["DLR-0", "DLR-1", "DLR-2"]);
  expect(lines[0]).toMatchObject({ outcome: "created", testMode: false, rules: ["maxDistance"] });
  expect(audit.join()).not.toMatch(/Étienne|dealers\.example/);
  expect(existsSync(join(folder, "oplead-ledger.run.json"))).toBe(false);
});

it("a saved plan for another platform or mode, or whose file was changed, is refused unsent", async () => {
  const staging = await openPlatform();
  const { env, writes, folder, run } = await onPlatform(project());
  const plan = join(folder, "plan.json");
  const refused = async (made: object, alter = (text: string) => text) => {
    await run("plan --out plan.json", { env: { ...env, ...made } });
    writeFileSync(plan, alter(readFileSync(plan, "utf8")));
    const { code, stdout } = await run("apply plan.json --json");
    const { error } = JSON.parse(stdout);
    return [code, error.findings?.[0].code ?? error.code];
  };
  expect(await refused(staging.env)).toEqual([3, "other_platform"]);
  expect(await refused({ OPLEAD_TEST_MODE: "true" })).toEqual([3, "other_test_mode"]);
  expect(await refused({}, (text) => text.replace('"new": 3', '"new": 1'))).toEqual([1, "plan_file"]);
  expect(writes() + staging.writes()).toBe(0);
});

it("a saved plan that is out of date is refused with exit code 3 and the accounts that differ", async () => {
  const { writes, folder, run } = await onPlatform(project());
  await run("plan --out plan.json");
  writeFileSync(join(folder, "dealers.csv"), dealersCsv(3).replace("Étienne 1", "Durand").replace("DLR-2", "DLR-9"));
  const stale = await run("apply plan.json --json --config oplead.config.mjs");
  expect(stale.code).toBe(3);
  expect(JSON.parse(stale.stdout).error).toMatchObject({
    code: "stale_plan",
    differences: [
      { accountNumber: "DLR-1", difference: "changed" },
      { accountNumber: "DLR-2", difference: "removed" },
      { accountNumber: "DLR-9", difference: "added" },
    ],
  });
  expect(stale.stderr).toContain("DLR-1: would get something else");
  expect(stale.stderr).toContain("Read the new plan: npx oplead-sdk plan --config oplead.config.mjs\n");
  expect(writes()).toBe(0);
});

it("with --json, a wrong config is reported as one JSON document that lists every problem", async () => {
  const folder = await folderWith({
    "oplead.config.mjs": "export default { soruce: 1, guard: 5, client: { token: 't' } };",
  });
  const { code, stdout } = await oplead(folder, "sync --json");
  expect(code).toBe(1);
  const { error } = JSON.parse(stdout);
  expect(error.code).toBe("invalid_options");
  expect(error.issues.map(({ path }: { path: string }) => path).sort()).toEqual(["guard", "map", "soruce", "source"]);
});

it("control characters in a plan or an answer are printed as visible text, not obeyed", async () => {
  const evil = "DLR\u001b]0;title\u0007\u009b2J\u202e";
  const folder = await folderWith({ "oplead.config.mjs": configWith(), "event.json": "{}" });
  const { url } = await serve((response) => response.end(evil));
  const results = [
    await oplead(folder, ["trigger", "event.json", "--to", url]),
    await oplead(folder, ["trigger", "event.json", "--to", url, "--json"]),
    await oplead(folder, ["ledger", "get", evil]),
    await oplead(folder, ["plan", `${evil}.json`]),
    await oplead(folder, [evil]),
  ];
  for (const { stdout, stderr } of results) {
    expect(stdout + stderr).toContain("\\u202e");
    expect(stdout + stderr).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
  }
  expect(JSON.parse(results[1]?.stdout ?? "")).toMatchObject({ body: evil });
});

it("ledger import reads files of Excel and of ledger export, and nothing if a row is wrong", async () => {
  const { env } = await openPlatform();
  const ids = 'accountNumber;id\nÉ-1;7\n"A;""2""";8\n';
  const folder = await folderWith({
    "oplead.config.mjs": configWith(),
    "windows.csv": Buffer.from(ids, "latin1"),
    "unicode.csv": Buffer.from(`\ufeff${ids}`, "utf16le"),
    "half.csv": "accountNumber,id\nB-1,1\nB-2,\n",
    "bare.csv": "B-1,1\n",
  });
  const run = async (...args: string[]) => {
    const { stdout, stderr } = await oplead(folder, ["ledger", ...args], { env });
    return stdout + stderr;
  };
  expect(await run("import", "windows.csv")).toBe("2 imported, 0 known before.\n");
  expect(await run("import", "unicode.csv")).toBe("0 imported, 2 known before.\n");
  writeFileSync(join(folder, "exported.csv"), await run("export"));
  expect(await run("import", "exported.csv")).toBe("0 imported, 2 known before.\n");
  expect(await run("import", "half.csv")).toMatch(/^Error: half\.csv, row 3: an account number and an id are needed/);
  expect(await run("import", "bare.csv")).toMatch(/^Error: bare\.csv: the header lacks "accountNumber", "id"/);
  expect(await run("list")).not.toContain("B-1");
});

it("plan --target fake needs neither token nor network, and leaves no ledger behind", async () => {
  const folder = await project();
  const { code, stdout } = await oplead(folder, "sync --target fake --quiet");
  expect(code).toBe(0);
  expect(stdout).toContain("3  created");
  expect(existsSync(join(folder, "oplead-ledger"))).toBe(false);
});

it("oplead plan --target fake ends with a command, and this command approves the plan in a new process", async () => {
  const folder = await project();
  const { stderr } = await oplead(folder, "plan --target fake");
  const [, words = ""] = /npx oplead-sdk (sync .*)/.exec(stderr) ?? [];
  const { code, stdout } = await oplead(folder, words.split(" "));
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("3  created") });
});
