import { describe, expect, it } from "vitest";
import { distanceKm } from "../../src/coverage/distance.ts";
import { franceCountry, locate } from "../../src/coverage/france.ts";
import { allZips, countiesOfZip } from "../support/france.ts";

describe("the table of French postcodes", () => {
  it("the table of French postcodes puts every official postcode into exactly its départements", async () => {
    const found = new Map<string, string[]>();
    for (const { number, postCodeZips = [] } of franceCountry().counties) {
      for (const zip of postCodeZips) found.set(zip, [...(found.get(zip) ?? []), number]);
    }
    expect(allZips).toHaveLength(6310);
    expect([...found.keys()].sort()).toEqual([...allZips].sort());
    for (const [zip, counties] of found) {
      expect(counties.sort(), zip).toEqual([...(countiesOfZip.get(zip) ?? [])].sort());
      expect([...(locate(zip, "FR")?.counties ?? [])].sort(), zip).toEqual(counties.sort());
    }
  });

  it("the table of French postcodes knows the centre of 6,267 postcodes, and no others", async () => {
    const located = allZips.filter((zip) => locate(zip, "FR")?.coordinates);
    expect(located).toHaveLength(6267);
    expect(locate("98799", "FR")).toEqual({ inhabitants: expect.any(Number), counties: ["989"] });
    expect(locate("99999", "FR")).toBeUndefined();
    expect(locate("29200", "BE")).toBeUndefined();
  });

  it.each([
    ["29200", [48.39, -4.486], "Brest"],
    ["31000", [43.604, 1.444], "Toulouse"],
    ["20000", [41.919, 8.738], "Ajaccio"],
    ["97400", [-20.879, 55.448], "Saint-Denis de La Réunion"],
    ["75116", [48.866, 2.282], "Paris 16 north"],
    ["48000", [44.518, 3.5], "Mende"],
  ] as const)("the table puts %s at most its stated uncertainty away from %s at %s", (zip, where, _name) => {
    const { coordinates, uncertaintyKm = 0 } = locate(zip, "FR") ?? {};
    expect(coordinates && distanceKm(coordinates, where)).toBeLessThan(Math.max(uncertaintyKm, 1));
  });

  it("the table of French postcodes counts each inhabitant of France once", async () => {
    const inhabitants = allZips.reduce((sum, zip) => sum + (locate(zip, "FR")?.inhabitants ?? 0), 0);
    expect(inhabitants).toBeGreaterThan(68_000_000);
    expect(inhabitants).toBeLessThan(70_000_000);
  });
});
