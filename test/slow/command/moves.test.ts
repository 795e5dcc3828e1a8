import { writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { fileLedger } from "../../../src/sync/index.ts";
import { dealersCsv, onPlatform, oplead, projectWith } from "../../support/command.ts";
import { setEntry } from "../../support/entries.ts";
import { folderWith } from "../../support/folder.ts";
import { entriesOf } from "../../support/ledger-contract.ts";

async function ledgerOfThree(moves = "") {
  const folder = await folderWith({ "oplead.config.mjs": "export default {};\n", "moves.csv": moves });
  const ledger = fileLedger(`${folder}/oplead-ledger`);
  for (const [at, name] of ["A", "B", "C"].entries())
    await setEntry(ledger, name, { id: `${at + 1}`, rules: {}, at: 1 });
  await ledger.close();
  return folder;
}

async function list(folder: string) {
  const ledger = fileLedger(`${folder}/oplead-ledger`);
  const entries = await entriesOf(ledger);
  await ledger.close();
  return entries.flatMap(([name, { id }]) => (id === undefined ? [] : [`${name},${id}`])).sort();
}

it("ledger move FROM TO moves one user, can be repeated, and refuses unknown and taken numbers", async () => {
  const folder = await ledgerOfThree();
  const first = await oplead(folder, "ledger move A M-1");
  expect(first).toMatchObject({ code: 0, stdout: "1 moved, 0 moved before.\n" });
  expect((await oplead(folder, "ledger move A M-1")).stdout).toBe("0 moved, 1 moved before.\n");
  const unknown = await oplead(folder, "ledger move X M-9");
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("The ledger has no id of X") });
  const occupied = await oplead(folder, "ledger move B C --json");
  expect(occupied.code).toBe(1);
  expect(JSON.parse(occupied.stdout)).toEqual({ moved: 0, before: 0, unknown: [], occupied: [["B", "C"]] });
  const wrong = await oplead(folder, "ledger move A B --file moves.csv");
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("ledger move FROM TO") });
  expect(await list(folder)).toEqual(["B,2", "C,3", "M-1,1"]);
});

it.each([
  [
    "an empty cell",
    "from,to\nA,M-1\nB,\n,M-3\n",
    ["moves.csv, row 3: to must be text", "moves.csv, row 4: from must be text"],
  ],
  ["a swap", "from,to\nA,B\nB,A\n", ["row 3: from occurs twice", "row 3: to occurs twice"]],
  ["other columns", "alt,neu\nA,M-1\n", ["from"]],
])("ledger move with a file that has %s moves no user, and names every wrong row", async (_what, file, problems) => {
  const folder = await ledgerOfThree(file);
  const { code, stderr } = await oplead(folder, "ledger move --file moves.csv");
  expect(code).toBe(1);
  for (const problem of problems) expect(stderr).toContain(problem);
  expect(await list(folder)).toEqual(["A,1", "B,2", "C,3"]);
});

it("ledger move FILE that was killed is finished by a second call, with one entry for each user", async () => {
  const count = 2_000;
  const rows = Array.from({ length: count }, (_, at) => `OLD-${at},NEW-${at}\n`).join("");
  const folder = await folderWith({ "oplead.config.mjs": "export default {};\n", "moves.csv": `from,to\n${rows}` });
  const ledger = fileLedger(`${folder}/oplead-ledger`);
  const entries = Array.from({ length: count }, (_, at) =>
    setEntry(ledger, `OLD-${at}`, { id: `${at}`, rules: {}, at: 1 }),
  );
  await Promise.all(entries);
  await ledger.close();
  const words = ["ledger", "move", "--file", "moves.csv"];
  for (let kill = 1; kill <= 2; kill += 1) {
    const shell =
      "$OPLEAD & pid=$!; until grep -qs NEW- oplead-ledger/*.log || ! kill -0 $pid; do :; done; kill -9 $pid; wait $pid";
    await oplead(folder, words, { shell });
    const entries = await list(folder);
    const moved = entries.filter((line) => line.startsWith("NEW-")).length;
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(count);
    expect(new Set(entries.map((line) => line.split(",")[1])).size).toBe(count);
    expect(entries).toHaveLength(count);
  }
  expect((await oplead(folder, words)).code).toBe(0);
  expect((await list(folder)).every((line) => line.startsWith("NEW-"))).toBe(true);
});

it("if the source still has a person under the old number, ledger move needs --no-check", async () => {
  const { folder, run } = await onPlatform(projectWith());
  await run("sync");
  const refused = await run("ledger move DLR-1 M-1 --json");
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("The source still has DLR-1.") });
  await writeFile(`${folder}/moves.csv`, "from,to\nDLR-2,M-2\nDLR-1,M-1\n");
  const file = await run("ledger move --file moves.csv");
  expect(file).toMatchObject({ code: 1, stderr: expect.stringContaining("The source still has DLR-2 and DLR-1.") });
  expect((await list(folder)).map((line) => line.split(",")[0])).toEqual(["DLR-0", "DLR-1", "DLR-2"]);
  await writeFile(`${folder}/dealers.csv`, dealersCsv(3).replace("DLR-2", "M-2"));
  expect(await run("ledger move DLR-2 M-2")).toMatchObject({ code: 0 });
  const forced = await run("ledger move DLR-1 M-1 --no-check");
  expect(forced).toMatchObject({ code: 0, stdout: "1 moved, 0 moved before.\n" });
});
