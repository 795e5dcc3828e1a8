import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dealersCsv, onPlatform, projectWith } from "../../support/command.ts";

it("plan with coverage: true lists the gaps that open and the postcodes that lose a leaver", async () => {
  const { folder, run } = await onPlatform(projectWith("coverage: true,", dealersCsv(2)));
  const source = (csv: string) => writeFileSync(join(folder, "dealers.csv"), csv);
  expect((await run("plan")).stdout).toContain("Coverage: nothing to compare with yet");
  expect((await run("sync")).code).toBe(0);
  expect((await run("plan")).stdout).toContain("Coverage: no change.");

  source(dealersCsv(2, "DLR-8;Petit;p8@dealers.example;29000;30\r\n"));
  await run("sync");
  source(dealersCsv(2));
  const left = await run("plan");
  expect(left.stdout).toMatch(
    /DLR-8 \(ID \d+\) {2}grace: [^\n]+\. no other user for \d+ postcodes \([\d,]+ inhabitants\)\. Nothing to do yet\./,
  );
  expect(left.stdout).toMatch(/Coverage:\n {2}\d+ postcodes .*lose/);
  expect(left.stdout).toContain("Users that left do not count, although Oplead still has their rules.");
  await run("sync");
  // Also when nothing is to be sent and the leaver is known.
  const calm = await run("plan");
  expect(calm.stdout).toContain("Coverage: no change.");
  expect(calm.stdout).toMatch(/DLR-8 .* no other user for \d+ postcodes \([\d,]+ inhabitants\)\. Nothing to do yet\./);
  const french = await run("plan --language fr");
  expect(french.stdout).toMatch(
    /DLR-8 .* aucun autre utilisateur pour \d+ codes postaux \([\d\u202f]+ habitants\)\. Rien à faire/,
  );

  source(dealersCsv(2).replaceAll(";30\r\n", ";5\r\n"));
  expect((await run("plan")).stdout).toMatch(/Coverage:\n {2}\d+ postcodes .*lose/);
  expect(existsSync(join(folder, "oplead-coverage.json"))).toBe(false);
});
