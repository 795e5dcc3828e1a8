import { it } from "vitest";
import { countRequests, expectFormula } from "../../support/requests.ts";

it("sends what is needed and nothing else", async () => {
  expectFormula(await countRequests(120), 120);
});
