import { expect, it } from "vitest";
import { storeDeliveries } from "../../src/ledger/deliveries.ts";

it("memoryDeliveries forgets an id after four days, and the oldest ids if there are too many", () => {
  let now = 0;
  const store = storeDeliveries(() => now, 3);
  store.add("a");
  now = 4 * 24 * 60 * 60 * 1000 - 1;
  expect(store.has("a")).toBe(true);
  now += 1;
  expect(store.has("a")).toBe(false);
  for (const id of ["b", "c", "d", "b", "e"]) store.add(id);
  expect(["b", "c", "d", "e"].map((id) => store.has(id))).toEqual([true, false, true, true]);
});
