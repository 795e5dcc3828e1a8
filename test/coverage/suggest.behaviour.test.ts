import { expect, it } from "vitest";
import { coverage, suggest } from "../../src/coverage/index.ts";
import type { RadiusRaised } from "../../src/locales/en/coverage.ts";
import { SUGGESTIONS_FR } from "../../src/locales/fr/coverage.ts";

it("if the largest radius of any user is 47.5 km, a suggested radius may be 47.5 km too, and reaches a place that is 47.2 km away", async () => {
  // The second place lies 0.4245 degrees of latitude away from the first, which are 47.2 km.
  const places: Readonly<Record<string, { coordinates: readonly [number, number]; inhabitants: number }>> = {
    "1000": { coordinates: [50, 5], inhabitants: 100 },
    "2000": { coordinates: [50.4245, 5], inhabitants: 7_000 },
    "3000": { coordinates: [40, 5], inhabitants: 100 },
  };
  const locate = (zipCode: string) => {
    const place = places[zipCode];
    return place && { ...place, uncertaintyKm: 0 };
  };
  const at = (accountNumber: string, zipCode: string, maxDistance: number) => ({
    user: { accountNumber, address: { zipCode, country: { code: "BE" } } },
    rules: { maxDistance },
  });
  const countries = [
    { code: "BE", label: "Belgium", counties: [{ number: "1", label: "One", postCodeZips: Object.keys(places) }] },
  ];
  const now = await coverage([at("NEAR", "1000", 10), at("FAR", "3000", 47.5)], { universe: { countries }, locate });
  const [suggestion] = await suggest(now, { limits: { changes: 1 } });
  expect(suggestion).toMatchObject({ accountNumber: "NEAR", rules: { maxDistance: { maxDistance: 47.5 } } });
  expect(suggestion?.message).toMatch(/^raise the radius of NEAR from 10 to 47\.5 km/);
  const { user = "", fromKm = 0, toKm = 0 } = (suggestion?.parameters ?? {}) as Partial<RadiusRaised>;
  const effect = { inhabitants: 1, isForSome: false };
  expect(SUGGESTIONS_FR.raise_radius({ user, fromKm, toKm, ...effect })).toContain("de 10 à 47,5 km");
  expect(suggestion?.message).toContain("7,000 inhabitants");
});
