import { expect, it } from "vitest";
import { among, isProblem } from "../../src/sync/index.ts";
import { fullReport } from "../support/full-report.ts";

const { findings } = fullReport;

it("among gives the findings of some kinds in their order, and isProblem those that keep a user out of Oplead", () => {
  expect(among(findings, "leaver", "held").map(({ accountNumber }) => accountNumber)).toEqual(["ACC-3", "ACC-8"]);
  const [held] = among(findings, "held");
  expect(held?.code).toBe("refused");
  const kinds = findings.filter((one) => !isProblem(one)).map(({ kind }) => kind);
  expect(kinds).toEqual(["unverifiable", "suspicious", "stale", "leaver"]);
});
