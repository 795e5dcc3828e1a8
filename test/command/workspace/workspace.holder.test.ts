import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inEnglish } from "../../../src/command/say.ts";
import { announce, holderOf } from "../../../src/command/workspace/workspace.ts";
import { fileLedger } from "../../../src/sync/index.ts";
import { failureOf } from "../../support/failure.ts";
import { folderWith } from "../../support/folder.ts";

it("the holder is named if the error's code, not only its message, says that the ledger is in use", async () => {
  const path = join(await folderWith(), "ledger");
  const first = fileLedger(path);
  await first.getInfo();
  const withdraw = announce(path, "run-7", "sync");
  const error = await failureOf(fileLedger(path).get("A"));
  expect(inEnglish(holderOf(path, error) ?? "")).toMatch(
    `It is in use by process ${process.pid}: oplead sync, run run-7, since 2`,
  );
  expect(holderOf(path, new Error("The ledger is in use"))).toBeUndefined();
  withdraw();
  expect(holderOf(path, error)).toBeUndefined();
  await first.close();
});

it("the holder is not named for other failures, even if a killed run has left its file", async () => {
  const folder = await folderWith({ ledger: "a file, not a folder" });
  const path = join(folder, "ledger");
  const withdraw = announce(path, "run-7", "sync");
  expect(holderOf(path, await failureOf(fileLedger(path).get("A")))).toBeUndefined();
  withdraw();
});

it("the holder of a ledger is unknown if the file beside it is damaged", async () => {
  const path = join(await folderWith(), "ledger");
  writeFileSync(`${path}.run.json`, "{");
  expect(holderOf(path, Object.assign(new Error("locked"), { code: "LEVEL_LOCKED" }))).toBeUndefined();
});
