import { execFile, execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { writePrivateFile } from "../../../src/command/shell/files.ts";
import { folderWith } from "../../support/folder.ts";

const modeOf = (file: string) => statSync(file).mode & 0o777;

it("a new file is readable by its owner alone, and no draft is left beside it", async () => {
  const folder = await folderWith();
  writePrivateFile(join(folder, "problems.csv"), "Étienne");
  expect(readFileSync(join(folder, "problems.csv"), "utf8")).toBe("Étienne");
  expect(modeOf(join(folder, "problems.csv"))).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["problems.csv"]);
});

it("a file that its owner has opened to a group stays open to it", async () => {
  const file = join(await folderWith({ "problems.csv": "old" }), "problems.csv");
  chmodSync(file, 0o640);
  writePrivateFile(file, "new");
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(modeOf(file)).toBe(0o640);
});

it("a symbolic link is replaced, and the file that it leads to stays unchanged", async () => {
  const folder = await folderWith({ "precious.txt": "precious" });
  chmodSync(join(folder, "precious.txt"), 0o644);
  symlinkSync(join(folder, "precious.txt"), join(folder, "problems.csv"));
  writePrivateFile(join(folder, "problems.csv"), "Étienne");
  expect(readFileSync(join(folder, "precious.txt"), "utf8")).toBe("precious");
  expect(readFileSync(join(folder, "problems.csv"), "utf8")).toBe("Étienne");
  expect(modeOf(join(folder, "problems.csv"))).toBe(0o600);
});

it("if the new file cannot be moved into its place, the old file stays and no draft is left", async () => {
  const folder = await folderWith({ "report.html/index": "" });
  expect(() => writePrivateFile(join(folder, "report.html"), "text")).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(folder)).toEqual(["report.html"]);
  expect(() => writePrivateFile(join(folder, "absent/report.md"), "text")).toThrow("ENOENT");
});

it.skipIf(process.platform === "win32")("a named pipe is written to, and stays a pipe", async () => {
  const pipe = join(await folderWith(), "plan.json");
  execFileSync("mkfifo", [pipe]);
  const reader = promisify(execFile)("cat", [pipe]);
  writePrivateFile(pipe, "a plan");
  expect((await reader).stdout).toBe("a plan");
  expect(statSync(pipe).isFIFO()).toBe(true);
});
