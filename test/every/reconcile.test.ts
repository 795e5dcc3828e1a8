import { describe, it } from "vitest";
import { INTENTS, RECONCILIATIONS } from "./explorations.ts";
import { expectSound } from "./sound.ts";

const named = [...RECONCILIATIONS, ...INTENTS].map((each) => [each.title, each] as const);

describe("every schedule is sound", () => {
  it.each(named)("%s", (_, each) => expectSound(each));
});
