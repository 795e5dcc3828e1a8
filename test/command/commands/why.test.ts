import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { auditFile, fileLedger, moveUsers, type UserOutcome } from "../../../src/sync/index.ts";
import { configWith, dealersCsv, onPlatform, projectWith } from "../../support/command.ts";
import { setEntry } from "../../support/entries.ts";
import { folderWith } from "../../support/folder.ts";

it("oplead why tells when a user was created, refused, held and moved, and what tonight's run does", async () => {
  const { fake, folder, run } = await onPlatform(
    folderWith({
      "oplead.config.mjs": configWith("guard: false, checks: false,", "platform: { settleMs: 1_000, lateMs: 60_000 }"),
      "dealers.csv": dealersCsv(3),
    }),
  );
  const why = async (...args: string[]) => (await run(["why", ...args])).stdout;
  const isPetit = ({ body }: { body: unknown }) => (body as { lastname?: string })?.lastname === "Petit";
  fake.fail({ on: isPetit, as: { status: 422 }, share: 1 });
  writeFileSync(join(folder, "dealers.csv"), dealersCsv(3).replace("Étienne 2", "Petit"));
  const { runId } = JSON.parse((await run("sync --json")).stdout);
  const refused = await why("DLR-2");
  expect(refused).toMatch(
    /^DLR-2: no Oplead ID\n {2}2.* \S+ {2}failed; .*; [^;]*: refused 422, by sync \S+\n {4}Correct the fields/,
  );
  expect(refused).toMatch(/ {2}held since 2.* until it changes, or 2.* \S+ \([^;]*: refused 422\)\n {4}Correct/);
  expect(refused).toMatch(/\n {2}tonight: nothing: .* To send it again: npx oplead-sdk retry --held DLR-2\n/);

  const ledger = fileLedger(join(folder, "oplead-ledger"));
  const { id } = (await ledger.get("DLR-1")) ?? {};
  const audit = auditFile(join(folder, "oplead-audit.jsonl"));
  const told = { id, final: true, testMode: false, fields: [], applied: [], failed: [], requestIds: [], runId: "r" };
  for (const outcome of ["held", "held", "updated"])
    audit.onUser({ accountNumber: "DLR-1", outcome, ...told } as unknown as UserOutcome);
  await audit.close();
  await moveUsers(ledger, [["DLR-1", "M-1"]]);
  await setEntry(ledger, "DLR-0", { id: "1", rules: {}, at: 0, intent: { at: Date.UTC(2026, 0, 5, 12, 2) } });
  const busy = await run("why DLR-1");
  expect(busy.stdout).toMatch(/ tonight: not known: the ledger is in use\n$/);
  expect([busy.code, busy.stderr]).toEqual([0, expect.stringContaining("leaves out the ledger")]);
  await ledger.close();
  for (const command of ["why", "ledger get"])
    expect((await run(`${command} DLR-0`)).stdout).toMatch(/a request of .*:02.* may still arrive; .* after .*:03/);
  expect(await run("why X --no-plan")).toMatchObject({
    code: 1,
    stderr: "Error: Nothing is known of X.\n[not_found]\n",
  });
  expect((await run("why dlr1 --no-plan")).stdout).toMatch(/^DLR-1: /);
  expect((await run("why 1 --no-plan")).stderr).toMatch(/^Error: Nothing is known of 1\. Did you mean M-1 or DLR-1\?/);

  const both = "DLR-8;A;a@dealers.example;01000;30\r\nDLR-8;B;a@dealers.example;01000;30\r\nDLR-9;C;c;01000;30\r\n";
  writeFileSync(join(folder, "dealers.csv"), dealersCsv(3, both));
  expect(await why("DLR-8")).toMatch(/tonight: nothing: Rows 5 and 6 have[^:]* correct the others\.\n$/);
  expect((await why("DLR-8")).match(/Rows/g)).toHaveLength(1);
  expect(await why("DLR-9")).toContain("tonight: nothing: email is not an e-mail address. Correct");

  writeFileSync(join(folder, "dealers.csv"), dealersCsv(3).replace("DLR-1;Étienne 1", "M-1;Martin"));
  const moved = (await why("M-1")).split("\n");
  expect(moved).toEqual([
    `M-1: Oplead ID ${id}`,
    expect.stringMatching(RegExp(`^  2.*  created; .*radius, by sync ${runId}$`)),
    expect.stringMatching(/^ {2}2.* {2}held, by sync r; 2 times until 2.*:\d\d \S+$/),
    expect.stringMatching(/^ {2}2.* {2}updated, by sync r$/),
    "  moved from DLR-1, which the next run tells Oplead",
    expect.stringMatching(/^ {2}tonight: update: .*last name/),
    "",
  ]);
});

it("oplead why says of an unchanged user when a refresh sends it again, and how to send it now", async () => {
  const tonight = async (options: string) => {
    const { run } = await onPlatform(projectWith(`guard: false, ${options}`, dealersCsv(1)));
    await run("sync");
    return (await run("why DLR-0")).stdout;
  };
  const now = "To send it now: npx oplead-sdk sync --only DLR-0 --resend";
  expect(await tonight("refreshAfterDays: 30,")).toContain(`again every 30 days (refreshAfterDays). ${now}`);
  expect(await tonight("")).toContain(
    `With refreshAfterDays, the config would send each user again every so many days. ${now}`,
  );
});
