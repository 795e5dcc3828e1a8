import { it } from "vitest";
import { countRequests, expectFormula } from "../../support/requests.ts";

it("a run over 1,000 users with five rules each sends the requests that are needed, and no others", async () => {
  const requests = await countRequests(1_000);
  console.log(`1,000 users, five rules each: ${JSON.stringify(requests)}`);
  expectFormula(requests, 1_000);
}, 600_000);
