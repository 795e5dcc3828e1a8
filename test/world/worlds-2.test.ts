import { it } from "vitest";
import { expectSound, seedsOf } from "./worlds.ts";

it("the worlds of slice 2 are sound: each person once, the newest state, and rest at the end", () =>
  expectSound(seedsOf(2)));
