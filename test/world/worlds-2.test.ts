import { it } from "vitest";
import { expectSound, seedsOf } from "./worlds.ts";

it("in each simulated world (part 2 of the seeds), Oplead ends with each person once and in the newest state, and the last run sends nothing", () =>
  expectSound(seedsOf(2)));
