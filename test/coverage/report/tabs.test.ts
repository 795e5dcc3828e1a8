import { describe, expect, it } from "vitest";
import { type CoverageUser, calibrate, coverage, coverageReport, expectedLoad } from "../../../src/coverage/index.ts";
import { englishLines } from "../../support/english.ts";
import { textOf } from "../../support/page-text.ts";
import * as w from "../worlds.ts";

const countries = w.countries.filter(({ code }) => code === "FR");
const universe = { countries, ranges: ["RNG_A", "RNG_B"], requestTypes: [], contactProfiles: [] };
const user = (accountNumber: string, rules: CoverageUser["rules"], zipCode = "29200"): CoverageUser => ({
  user: { accountNumber, company: `Garage ${accountNumber}`, address: { zipCode, country: { code: "FR" } } },
  rules,
});
const area = { handledCountries: [{ handledCountry: { code: "FR" } }] };
const cars = [{ range: { code: "RNG_A" } }] as const;
const both = [...cars, { range: { code: "RNG_B" } }] as const;
const users = [
  user("ALPHA-1", { geographical: area, competences: both }),
  user("BRAVO-2", { maxDistance: 40, competences: cars }),
];
const options = { universe, locate: w.locate };
/** The page without its script, which has examples in its texts. */
const shownBy = (page: string) => page.replace(/<script[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>/g, "");
const rowsOf = (page: string, id: string) =>
  [
    ...(page
      .slice(page.indexOf(`id="${id}-title"`))
      .split("</table>")[0]
      ?.matchAll(/<tr>(<td.*)<\/tr>/g) ?? []),
  ].map(([, row = ""]) => row.split("</td>").map((cell) => cell.replace(/<[^>]*>/g, "")));

describe("the page of one user", () => {
  it("the page of one user counts where it is alone and with how many it shares, by range, as eligible() does", async () => {
    const result = await coverage(users, options);
    const page = shownBy(
      await coverageReport(result, { user: "ALPHA-1", language: "fr", labels: { RNG_A: "Voitures" } }),
    );
    const zips = countries.flatMap(({ counties }) => counties.flatMap(({ postCodeZips = [] }) => postCodeZips));
    const counts = (["RNG_A", "RNG_B"] as const).map((range) => {
      const others = [...new Set(zips)].map((zipCode) => {
        const leads = ["pro", "single"].map((profileType) =>
          result.eligible({ country: "FR", zipCode, range, profileType }),
        );
        const names = new Set(leads.flatMap(({ eligible, uncertain }) => [...eligible, ...uncertain]));
        return names.size - 1;
      });
      return [others.length, others.filter((count) => count === 0).length, others.filter((count) => count > 0).length];
    });
    const rows = rowsOf(page, "ranges");
    expect(rows.map(([name]) => name)).toEqual(["Voitures (RNG_A)", "RNG_B"]);
    const told = rows.map((cells) => [cells[1], cells[3], cells[4]].map((cell) => (cell === "–" ? 0 : Number(cell))));
    expect(told).toEqual(counts);
    expect(told[0]?.[2]).toBeGreaterThan(0);
    expect(englishLines(textOf(page))).toEqual([]);
  });

  it("the page of one user holds no account number and no name of another user, unless names are asked for", async () => {
    const result = await coverage(users, options);
    const page = await coverageReport(result, { user: "BRAVO-2" });
    expect(page).toContain("Leads of BRAVO-2");
    expect(page).not.toContain("ALPHA-1");
    expect(page).not.toContain("Garage");
    expect(page).not.toContain('id="data"');
    expect(await coverageReport(result, { user: "BRAVO-2", names: true })).toContain("ALPHA-1 · Garage ALPHA-1");
    await expect(coverageReport(result, { user: "NONE" })).rejects.toMatchObject({
      issues: [{ path: "user", code: "names_no_user" }],
    });
  });
});

describe("the tabs of a coverage report", () => {
  const hostile = "</script><img src=x onerror=alert(1)>";
  const world = [...users, user(hostile, { maxDistance: 40, competences: cars })];
  const observed = Array.from({ length: 40 }, (_, index) => ({
    ...{ country: "FR", zipCode: "01000", range: "RNG_B", profileType: "pro", at: `2026-03-${10 + (index % 20)}` },
    accountNumber: index % 2 === 0 ? "BRAVO-2" : "ALPHA-1",
  }));

  it("a coverage report has a tab for load and one for observed leads when it is given them, and begins with what to do", async () => {
    const result = await coverage(world, options);
    const load = await expectedLoad(result, { perInhabitant: 0.01, maxLoad: 1 });
    const calibration = await calibrate(observed, world, options);
    const plain = await coverageReport(result);
    expect(plain).not.toContain('role="tablist"');
    const page = await coverageReport(result, { load, observed: calibration });
    for (const id of ["coverage", "load", "observed"]) expect(page).toContain(`aria-controls="panel-${id}"`);
    expect(page.indexOf('id="actions-title"')).toBeLessThan(page.indexOf('id="figures-title"'));
    const targets = [...page.matchAll(/<a href="#([\w-]+)"/g)].map(([, target]) => target);
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) expect(page).toContain(`id="${target}"`);
    expect(page).toContain(load.fairness.message);
    const rows = rowsOf(page, "load").map(([name]) => name);
    expect(rows.slice(0, 2)).toEqual(load.users.slice(0, 2).map(({ accountNumber }) => accountNumber));
    expect(page).not.toContain("<img");
    const french = await coverageReport(result, { load, observed: calibration, language: "fr" });
    expect(
      englishLines(textOf(french.replaceAll(hostile.replaceAll("<", "&lt;").replaceAll(">", "&gt;"), "X"))),
    ).toEqual([]);
  });
});
