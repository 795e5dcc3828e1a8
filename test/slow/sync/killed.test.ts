import { it } from "vitest";
import { expectNothingLost } from "../../support/killed.ts";

it("loses nothing and doubles nothing when it is killed at twenty random points", async () => {
  await expectNothingLost({ kills: 20, users: 300, seed: 11 });
}, 180_000);
