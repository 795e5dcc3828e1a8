import { writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { fileLedger } from "../../../src/sync/index.ts";
import { oplead } from "../../support/command.ts";
import { setEntry } from "../../support/entries.ts";
import { folderWith } from "../../support/folder.ts";

it("oplead leavers lists leavers by state, exits with 5 if any is due, and can tick them off", {
  timeout: 600_000,
}, async () => {
  const folder = await folderWith();
  await writeFile(`${folder}/oplead.config.mjs`, 'export default { leavers: { graceDays: 3 }, ledger: "./ledger" };\n');
  const ledger = fileLedger(`${folder}/ledger`);
  const daysAgo = (days: number) => Date.now() - days * 24 * 60 * 60 * 1000 - 60_000;
  await setEntry(ledger, "=DLR-1", { id: "1", rules: {}, at: 1, missingSince: daysAgo(5) });
  await setEntry(ledger, "DLR-2", { id: "2", rules: {}, at: 1, missingSince: daysAgo(1) });
  await setEntry(ledger, "DLR-3", { id: "3", rules: {}, at: 1 });
  await ledger.close();

  const due = await oplead(folder, "leavers --due --json");
  expect(due.code).toBe(5);
  const missingSince = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
  const first = { accountNumber: "=DLR-1", id: "1", missingSince, days: 5, state: "due", certain: true };
  expect(JSON.parse(due.stdout)).toEqual({ leavers: [first] });
  expect((await oplead(folder, "leavers --csv")).stdout).toMatch(
    /^accountNumber,id,missingSince,days,state,certain\n'=DLR-1,1,[^,]+,5,due,true\nDLR-2,2,[^,]+,1,grace,true\n$/,
  );
  expect((await oplead(folder, "leavers --csv --language fr")).stdout).toMatch(
    /^\uFEFFnuméro de compte;ID Oplead;absent depuis le;jours;état;certitude\r\n'=DLR-1;1;\d\d\/\d\d\/\d{4};5;[^;]+;oui\r\nDLR-2;/,
  );

  expect((await oplead(folder, "leavers done =DLR-1 -c oplead.config.mjs")).stdout).toBe("1 done.\n");
  expect(await oplead(folder, "leavers --due")).toMatchObject({ code: 0, stdout: "No leavers.\n" });
  expect(await oplead(folder, "leavers undo =DLR-1 DLR-3")).toMatchObject({
    code: 1,
    stdout: "1 open again.\n",
  });
  expect((await oplead(folder, "leavers")).stdout).toMatch(
    /^due {4}=DLR-1 {2}ID 1 {2}missing since \S+ {2}days 5\ngrace {2}DLR-2 {3}ID 2 {2}missing/,
  );
});
