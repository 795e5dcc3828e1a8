import { expect, it } from "vitest";
import { findingsCsv } from "../../../src/command/commands/coverage.ts";
import { franceCountry, locate } from "../../../src/coverage/france.ts";
import { coverage } from "../../../src/coverage/index.ts";

it("the CSV of coverage has a row for each finding, and no cell that a spreadsheet would run", async () => {
  const user = { accountNumber: "=1+1", address: { zipCode: "29200", country: { code: "FR" } } };
  const { findings, notCounted } = await coverage([{ user, rules: { maxDistance: 40 } }], {
    universe: { countries: [franceCountry()] },
    locate,
  });
  const lines = findingsCsv(findings, notCounted).split("\r\n");
  expect(lines[0]).toBe("kind,finding,inhabitants,accountNumbers,zipCodes");
  expect(lines).toHaveLength(findings.length + 2);
  expect(lines.some((line) => line.includes("'=1+1"))).toBe(true);
});
