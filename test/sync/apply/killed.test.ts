import { it } from "vitest";
import { expectNothingLost } from "../../support/killed.ts";

it("loses nothing and doubles nothing when it is killed", async () => {
  await expectNothingLost({ kills: 2, users: 30, seed: 7 });
});
