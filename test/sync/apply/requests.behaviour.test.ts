import { it } from "vitest";
import { countRequests, expectFormula } from "../../support/requests.ts";

it("a run sends the requests that users and changes make necessary, and no others", async () => {
  expectFormula(await countRequests(60), 60);
}, 60_000);
