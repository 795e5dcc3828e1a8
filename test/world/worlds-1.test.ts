import { it } from "vitest";
import { expectSound, seedsOf } from "./worlds.ts";

it("in each world of slice 1, Oplead ends with each person once and in the newest state, and the last run sends nothing", () =>
  expectSound(seedsOf(1)));
