import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { fileLedger } from "../../src/sync/index.ts";
import {
  configWith,
  dealersCsv,
  type Ended,
  onPlatform,
  openPlatform,
  oplead,
  projectWith,
} from "../support/command.ts";

const json = ({ stdout }: Ended) => JSON.parse(stdout);
const project = (csv = dealersCsv(3), lines = "", more: Readonly<Record<string, string>> = {}) =>
  projectWith(lines, csv, more);

it("coverage and explain work while a run uses the ledger", async () => {
  const { folder, run } = await onPlatform(project());
  const ledger = fileLedger(join(folder, "oplead-ledger"));
  await ledger.getInfo();
  onTestFinished(() => ledger.close());
  for (const words of [["coverage"], ["explain", "--zip", "01000"], ["coverage", "--online"]]) {
    const { code, stderr } = await run(words);
    expect([code, stderr], words.join(" ")).toEqual([0, expect.stringContaining("leaves out the ledger")]);
  }
  expect((await run("plan")).stderr).toContain("is in use");
});

it("retry without an audit file says what to do", async () => {
  const { env } = await openPlatform();
  for (const [lines, why] of [
    ["", "There is no run in the audit file"],
    ["audit: false,", "The config has audit: false"],
  ]) {
    const { code, stderr } = await oplead(await project(undefined, lines), "retry", { env });
    expect(code).toBe(1);
    expect(stderr).toContain(why);
    expect(stderr).toContain(
      "Name the users: npx oplead-sdk retry ACCOUNT …; or send everything that is open: npx oplead-sdk sync",
    );
  }
});

it("why --support prints the text for Oplead Care about a failure, without personal data", async () => {
  const { fake, run } = await onPlatform(project());
  fake.fail({ on: "createUser", as: { status: 500, body: { message: "Étienne 1 broke" } }, times: 100 });
  expect(await run("sync")).toMatchObject({ code: 1 });
  const { code, stdout } = await run("why DLR-1 --support");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Report for Oplead Care[\s\S]*status: {5}500\n/);
  expect(stdout).not.toContain("Étienne");
  expect(await run("why DLR-99 --support")).toMatchObject({ code: 1 });
});

const codesOf = async (folder: string, env: Record<string, string>) => {
  const { checks } = json(await oplead(folder, "doctor --json", { env }));
  return (checks as { name: string; code: string; message: string }[]).filter(({ name }) =>
    ["Source", "Config"].includes(name),
  );
};

it("doctor reads, maps and checks the first records of the source", async () => {
  const { env } = await openPlatform();
  expect(await codesOf(await project(), env)).toContainEqual(
    expect.objectContaining({
      code: "source_reads",
      message: "dealers.csv: the first 3 records can be read and sent",
    }),
  );
  const wrong = await codesOf(await project(dealersCsv(1, "DLR-9;Petit;p@dealers.example;01000;30 km\r\n")), env);
  expect(wrong).toContainEqual(
    expect.objectContaining({
      code: "records_invalid",
      message: expect.stringContaining("1 of the first 2 records"),
    }),
  );
  expect(JSON.stringify(wrong)).not.toContain("Petit");
  const gone = await project();
  writeFileSync(join(gone, "oplead.config.mjs"), configWith().replace("dealers.csv", "gone.csv"));
  expect(await codesOf(gone, env)).toContainEqual(expect.objectContaining({ code: "source_fails" }));
});

it("doctor warns of a .env file that others can read", async () => {
  const { env } = await openPlatform();
  const folder = await project(undefined, undefined, { ".env": "A=1\n" });
  chmodSync(join(folder, ".env"), 0o644);
  const open = { code: "env_file_open", message: ".env can be read by other users of this machine (644)" };
  expect(await codesOf(folder, env)).toContainEqual(expect.objectContaining(open));
  chmodSync(join(folder, ".env"), 0o600);
  expect(await codesOf(folder, env)).not.toContainEqual(expect.objectContaining({ code: "env_file_open" }));
});
