import { expect, it } from "vitest";
import { createOplead } from "../../src/index.ts";
import { createFakeOplead } from "../../src/testing/fake.ts";
import { user } from "../support/users.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

it("if 3,000 users are upserted at once, as many are created as the rate allows within the deadline", async () => {
  useVirtualTime();
  const fake = createFakeOplead();
  const oplead = createOplead({ token: "fake-token", fetch: fake.fetch, retry: false });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 3_000 }, (_, number) => oplead.upsertUser(user(number))),
  );
  const created = outcomes.filter(({ status }) => status === "fulfilled").length;
  // Ten requests a second for two minutes, two for each user.
  expect(fake.requests.length).toBeGreaterThanOrEqual(1_200);
  expect(created).toBeGreaterThanOrEqual(595);
  expect(fake.users).toHaveLength(created);
}, 60_000);
