import { it } from "vitest";
import { expectNothingLost } from "../../support/killed.ts";

it("a run that is killed again and again loses nothing and creates no user twice", async () => {
  await expectNothingLost({ kills: 2, users: 30, seed: 7 });
});
