import { it } from "vitest";
import { expectSound, seedsOf } from "./worlds.ts";

it("each simulated world (part 1 of the seeds) ends with each person once, in the newest state, at rest", () =>
  expectSound(seedsOf(1)));
