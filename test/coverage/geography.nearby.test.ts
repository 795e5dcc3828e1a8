import fc from "fast-check";
import { expect, it } from "vitest";
import { distanceKm, locatedAt, Nearby } from "../../src/coverage/geography.ts";

const coordinates = fc.tuple(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.double({ min: -180, max: 180, noNaN: true }),
);
const place = fc.oneof(
  fc.record({ coordinates, uncertaintyKm: fc.constantFrom(0, 4, 30, 500) }),
  fc.constant({ coordinates: undefined, uncertaintyKm: Number.POSITIVE_INFINITY }),
  fc.constant({ coordinates: [10, 20] as [number, number], uncertaintyKm: Number.NaN }),
);

it("near() finds every place that may be within a distance, few others, and all places without coordinates, even across poles and the date line", () => {
  fc.assert(
    fc.property(
      fc.array(place, { maxLength: 30 }),
      coordinates,
      fc.double({ min: 1, max: 3_000, noNaN: true }),
      (places, from, km) => {
        const nearby = new Nearby();
        for (const { coordinates: at, uncertaintyKm } of places) nearby.add(at && locatedAt(at, uncertaintyKm));
        const indexes = [...places.keys()];
        const within = (most: number) =>
          indexes.filter((index) => {
            const { coordinates: at, uncertaintyKm } = places[index] ?? { uncertaintyKm: 0 };
            return !at || Number.isNaN(uncertaintyKm) || distanceKm(from, at) <= (km + uncertaintyKm) * most;
          });
        const found = [...nearby.near(from, km)];
        expect(found).toEqual(expect.arrayContaining(within(1)));
        // Up to half the earth's radius, a straight line is at most 2 % shorter than the way over the surface.
        expect(within(1.02)).toEqual(expect.arrayContaining(found));
        expect(found).toEqual([...found].sort((a, b) => a - b));
      },
    ),
  );
});
