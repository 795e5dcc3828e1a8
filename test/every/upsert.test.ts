import { describe, expect, it } from "vitest";
import { created, MOVES, PLANS, UPSERTS } from "./explorations.ts";
import { explore } from "./explore.ts";
import { expectSound } from "./sound.ts";

const named = [...UPSERTS, ...MOVES, ...PLANS].map((each) => [each.title, each] as const);

describe("every schedule is sound", () => {
  it.each(named)("%s", (_, each) => expectSound(each));
});

it("two clients without a ledger create a user twice where Oplead does not refuse it, as the docs say", async () => {
  const { found } = await explore(created("two clients, not unique", 2, { faults: 0, isUnique: false }));
  expect(found?.story.at(-1)).toBe("2 users");
});
