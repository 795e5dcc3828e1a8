import fc from "fast-check";
import { expect, it } from "vitest";
import { packNumbers, unpackNumbers } from "../../../src/sync/plan/approval.ts";

it("packed numbers are the same when unpacked, whatever their order and however far apart", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200_000 })), fc.integer({ min: 1, max: 20 }), (numbers, bits) => {
      expect(unpackNumbers(packNumbers(numbers, bits), bits)).toEqual(new Set(numbers));
    }),
  );
  expect(unpackNumbers(packNumbers([2 ** 32 - 1, 0], 24), 24)).toEqual(new Set([0, 2 ** 32 - 1]));
});
