import { expect, it } from "vitest";
import { oplead } from "../../support/command.ts";
import { messyXlsx } from "../../support/messy-xlsx.ts";
import { installedFolder } from "./project.ts";

it("a messy workbook of 1,500 people becomes a plan in one command, in less than a minute", {
  timeout: 120_000,
}, async () => {
  const folder = await installedFolder({ "rh.xlsx": await messyXlsx(1500) });
  const start = performance.now();
  const { code, stdout } = await oplead(folder, ["init", "--from", "rh.xlsx"]);
  const seconds = (performance.now() - start) / 1000;
  expect(code).toBe(0);
  expect(stdout).toContain("Read: 1,500 rows of people, 2 other rows");
  expect(stdout).toMatch(/\n {2}1,?500 {2}new\n/);
  expect(seconds).toBeLessThan(60);
  const { stdout: sent } = await oplead(folder, ["sync", "--target", "fake"]);
  expect(sent).toMatch(/1,?500/);
});
