import { expect, it } from "vitest";
import { live } from "./world.ts";
import { historyOf } from "./worlds.ts";

it("the same seed gives the same trace, byte for byte", async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const [first, second] = [await live(historyOf(seed)), await live(historyOf(seed))];
    expect(first.trace.of()).toBe(second.trace.of());
  }
});
