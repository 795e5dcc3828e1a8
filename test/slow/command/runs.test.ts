import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Ended, onPlatform } from "../../support/command.ts";
import { project } from "./project.ts";

const json = ({ stdout }: Ended) => JSON.parse(stdout);

const createsTheFirst = ({ body, method }: { body: unknown; method: string }) =>
  method === "POST" && (body as { accountNumber?: string })?.accountNumber === "DLR-0";

it("oplead plan writes text, JSON or Markdown to stdout and notes to stderr, which --quiet leaves out", async () => {
  const { run } = await onPlatform(project());
  const text = await run("plan");
  expect(text.stdout).toMatch(/^3 to create[^\n]*\nPlan \w{12}: 3 records\n/);
  expect(text.stderr).toContain("npx oplead-sdk sync --approve");
  const markdown = await run("plan --format markdown --quiet");
  expect(markdown.stdout).toContain("### Oplead plan ");
  expect(markdown.stderr).toBe("");
  expect((await run("plan -qt fake")).stderr).toBe("");
  const plan = json(await run("plan --format=json"));
  expect(plan).toMatchObject({
    version: "6.0",
    counts: { new: 3 },
    changes: [{ accountNumber: "DLR-0", row: 2 }, {}, {}],
  });
  expect(await run("plan --detailed-exitcode")).toMatchObject({ code: 2 });
});

it("oplead apply with --only or --limit sends a part of a plan, also if they were saved with it", async () => {
  const { fake, run } = await onPlatform(project(5));
  await run("plan --out plan.json --only DLR-1 DLR-3");
  expect(await run("apply plan.json")).toMatchObject({ code: 0 });
  expect(fake.users.map(({ accountNumber }) => accountNumber).sort()).toEqual(["DLR-1", "DLR-3"]);
  const { hash } = json(await run("plan --json"));
  expect(await run(`apply --approve ${hash} --limit 1`)).toMatchObject({ code: 0 });
  expect(fake.users).toHaveLength(3);
});

it("oplead sync exits with 4 if some users failed, writes all reports, and retry sends those users", async () => {
  const { fake, writes, folder, run } = await onPlatform(project(4));
  const isThird = ({ body }: { body: unknown }) => (body as { accountNumber?: string })?.accountNumber === "DLR-2";
  fake.fail({ on: isThird, as: { status: 503 }, times: 100 });
  const reports = ["--report", "r.csv", "--report", "r.md", "--report", "r.json", "--report", "r.txt"];
  const ended = await run(["sync", "--language", "fr", ...reports]);
  expect(ended.code).toBe(4);
  expect(readFileSync(join(folder, "r.csv"), "utf8")).toMatch(/^\ufeffligne;/);
  expect(readFileSync(join(folder, "r.csv"), "utf8")).toContain("4;DLR-2;");
  expect(JSON.parse(readFileSync(join(folder, "r.json"), "utf8"))).toMatchObject({ status: "partial" });
  expect(readFileSync(join(folder, "r.md"), "utf8")).toContain("DLR-2");
  fake.reset();
  expect(ended.stderr).toContain("Pour renvoyer ce qui a échoué\u202f: npx oplead-sdk retry");
  for (const accountNumber of ["DLR-0", "DLR-1", "DLR-3"]) expect(ended.stdout).not.toContain(accountNumber);
  const retried = await run("retry");
  expect(retried.code).toBe(0);
  expect(retried.stderr).toContain("1 user to send again");
  // Before the client repeats the creation, it looks for a second whether the user arrives.
  expect(writes()).toBeLessThanOrEqual(24);
  expect(fake.users.map(({ accountNumber }) => accountNumber)).toEqual(["DLR-2"]);
});

it("oplead sync ends with exit code 1 if no user arrived, and names a refused token as the reason", async () => {
  const { env, run } = await onPlatform(project());
  const refused = await run("sync --json", { env: { ...env, OPLEAD_TOKEN: "wrong" } });
  expect(refused.code).toBe(1);
  expect(json(refused).error.code).toBe("unauthorized");
  expect(refused.stderr + refused.stdout).not.toContain("wrong-token");
  const gone = await run("sync --json", { env: { ...env, OPLEAD_BASE_URL: "http://127.0.0.1:9" } });
  expect(gone.code).toBe(1);
  expect(json(gone)).toMatchObject({ status: "stopped" });
});

it("oplead sync --test lets Oplead check a sample of the plan, and changes nothing", async () => {
  const { fake, run } = await onPlatform(project(20));
  const ended = await run("sync --test --limit 5 --json");
  expect(ended.code).toBe(0);
  expect(json(ended)).toMatchObject({ testMode: true, status: "complete", counts: { created: 5, notSelected: 15 } });
  expect(fake.users).toHaveLength(0);
  const writes = fake.requests.filter(({ method }) => method !== "GET");
  expect(writes.length).toBeGreaterThan(0);
  expect(writes.every(({ testMode, status }) => testMode || Number(status) >= 400)).toBe(true);
  expect(json(await run("ledger list --json"))).toEqual([]);
});

const ofUser = (account: string, ...more: string[]) => ["plan", "--only", account, "--all", ...more];

it("oplead plan --only ACCOUNT --all shows the fields to be sent, with values only with --reveal", async () => {
  const { run } = await onPlatform(project());
  const hidden = await run(ofUser("DLR-1"));
  expect(hidden.code).toBe(0);
  expect(hidden.stdout).toContain("+ address.city");
  expect(hidden.stdout + hidden.stderr).not.toContain("Étienne");
  expect((await run(ofUser("DLR-1", "--reveal"))).stdout).toContain('+ lastname: "Étienne 1"');
  const unknown = await run(ofUser("DLR-77"));
  expect(unknown).toMatchObject({ code: 0 });
  expect(unknown.stdout).toContain("The source has no user DLR-77 that can be sent.");
  await run("sync");
  expect((await run(ofUser("DLR-1"))).stdout).toContain("DLR-1 has no change to send.");
});

it("oplead retry --held sends only steps that Oplead has refused", async () => {
  const { fake, run } = await onPlatform(project(3));
  fake.fail({ on: createsTheFirst, as: { status: 422 } });
  expect((await run("sync")).code).toBe(4);
  expect(json(await run("ledger list --held --json"))).toHaveLength(1);
  expect((await run("plan --only DLR-0 --all")).stdout).toContain(
    "To send it again: npx oplead-sdk retry --held DLR-0",
  );
  const before = fake.requests.length;
  const named = await run("retry DLR-0");
  expect(named.stdout).toContain("Oplead has refused 1 of them before: --held sends them all the same.");
  expect((await run("retry --held")).code).toBe(0);
  expect(fake.users).toHaveLength(3);
  const sent = fake.requests.slice(before).filter(({ method }) => method !== "GET");
  expect(sent.length).toBeLessThanOrEqual(3);
});
