import { expect, it } from "vitest";
import { reconcileUser } from "../../../src/sync/index.ts";
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

it("a held user is sent again after a user outside of the batch gave up the login that both had", async () => {
  const source = [withLogin(1, "shared"), withLogin(2, "shared")];
  await on.sync(source, oneByOne);
  const corrected = withLogin(1, "other");
  await reconcileUser(on.world.connect(), on.ledger, { user: corrected });
  expect(await on.sync([corrected, withLogin(2, "shared")])).toMatchObject({
    status: "complete",
    counts: { created: 1 },
  });

  // More than five minutes after the login was given up: the clocks of two machines differ.
  let time = Date.now() + 301_000;
  const now = () => time;
  const twin = [corrected, withLogin(2, "shared"), withLogin(3, "shared")];
  await on.sync(twin, { now, advanced: { newUsers: ["ACC-3"] } });
  time += 1000;
  on.world.newRequests();
  expect((await on.sync(twin, { now, advanced: { newUsers: ["ACC-3"] } })).counts).toMatchObject({ held: 1 });
  expect(on.world.newRequests()).toBe(0);
});
