import { it } from "vitest";
import { expectNothingLost } from "../../support/killed.ts";

it("a run that is killed at twenty random points loses nothing and creates no user twice", async () => {
  await expectNothingLost({ kills: 20, users: 300, seed: 11 });
}, 180_000);
