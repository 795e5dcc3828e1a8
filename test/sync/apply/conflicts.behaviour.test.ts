import { expect, it } from "vitest";
import { head, user } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const withLogin = (number: number, login: string) => user(number, { login, ...head });
const oneByOne = { concurrency: 1 };

it("a user that takes over a login is sent in the run in which the owner gives it up, in any order", async () => {
  await on.sync([withLogin(1, "first"), withLogin(2, "second")]);
  const handedOver = [withLogin(1, "second"), withLogin(2, "third"), withLogin(3, "first")];
  const report = await on.sync(handedOver, oneByOne);
  expect(report).toMatchObject({ status: "complete", counts: { updated: 2, created: 1, held: 0 }, findings: [] });
  expect(on.world.fake.users.map(({ login }) => login)).toEqual(["second", "third", "first"]);
  expect(on.world.newRequests()).toBe(4 + report.requests);
});

it("the child of a user waits until that user has taken over the login of another user", async () => {
  await on.sync([withLogin(1, "first")]);
  const child = user(5, { parentUserIdentifier: "ACC-4" });
  const report = await on.sync([child, withLogin(4, "first"), withLogin(1, "other")], oneByOne);
  expect(report).toMatchObject({ status: "complete", counts: { updated: 1, created: 2 } });
});
