import { it } from "vitest";
import { countRequests, expectFormula } from "../../support/requests.ts";

it("sends for ten thousand users with five rules each what is needed and nothing else", async () => {
  const requests = await countRequests(10_000);
  console.log(`10,000 users, five rules each: ${JSON.stringify(requests)}`);
  expectFormula(requests, 10_000);
}, 600_000);
