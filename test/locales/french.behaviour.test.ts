import { expect, it } from "vitest";
import { allTexts } from "../support/texts.ts";

/** Words that are the same in both languages. */
const SHARED = ["code", "parent", "Leads", "Segment"];
/** Its text is the user's own. */
const OF_THE_USER = "record_error";

it("every code of every subject has a French text, which differs from the English one", async () => {
  const texts = await allTexts();
  expect(texts.length).toBeGreaterThan(150);
  const missing = texts.filter(
    ({ code, english, french }) =>
      french === "" || (french === english && code !== OF_THE_USER && !SHARED.includes(french)),
  );
  expect(missing).toEqual([]);
});
