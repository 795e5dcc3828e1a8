import fc from "fast-check";
import { expect, it } from "vitest";
import { distanceKm, locatedAt, Nearby } from "../../src/coverage/geography.ts";

const coordinates = fc.tuple(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.double({ min: -180, max: 180, noNaN: true }),
);
it("near() finds every place within a distance and few others, across poles and the date line", () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(coordinates, { nil: undefined }), { maxLength: 30 }),
      coordinates,
      fc.double({ min: 1, max: 3_000, noNaN: true }),
      (places, from, km) => {
        const nearby = new Nearby();
        for (const at of places) nearby.add(at && locatedAt(at, 0));
        const within = (most: number) =>
          [...places.keys()].filter((index) => {
            const at = places[index];
            return at !== undefined && distanceKm(from, at) <= km * most;
          });
        const found = [...nearby.near(from, km)];
        expect(found).toEqual(expect.arrayContaining(within(1)));
        // Up to half the earth's radius, the chord is at most 2 % shorter than the way over the surface.
        expect(within(1.02)).toEqual(expect.arrayContaining(found));
        expect(found).toEqual([...found].sort((a, b) => a - b));
      },
    ),
  );
});
