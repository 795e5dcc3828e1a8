import { beforeEach, expect, it } from "vitest";
import type { OpleadOptions } from "../../src/index.ts";
import { createFakeOplead, type FakeOpleadOptions } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect, timed } from "../support/servers.ts";
import { user } from "../support/users.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

beforeEach(useVirtualTime);

function platform(options: FakeOpleadOptions = { uniqueAccountNumbers: false }) {
  const fake = createFakeOplead(options);
  return {
    fake,
    client: (more: OpleadOptions = {}) =>
      connect("http://oplead.test", { fetch: fake.fetch, timeoutMs: 500, platform: { settleMs: 4_000 }, ...more }),
  };
}

it("a creation is repeated sooner once the server was seen to refuse a duplicate", async () => {
  const { fake, client } = platform({ uniqueAccountNumbers: true });
  const [oplead, rival] = [client({ platform: { settleMs: 10_000 } }), client()];
  let once = true;
  // Another client creates the user between our PUT and our POST.
  fake.fail({
    on: (request) => {
      if (request.method !== "POST" || !once) return false;
      once = false;
      return true;
    },
    as: { status: 409, body: { errors: { accountNumber: ["taken"] } } },
    when: "after",
  });
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "updated" });
  expect(await rival.upsertUser(user(1))).toMatchObject({ outcome: "updated" });

  fake.fail({ on: "createUser", as: "reset" });
  expect(await timed(oplead.upsertUser(user(2)))).toBeLessThan(2_000);
  expect(fake.duplicates()).toEqual([]);
});

it("until settleMs have passed since a doubtful creation, a refusal counts as caused by that creation", async () => {
  const { fake, client } = platform();
  fake.fail({ on: "createUser", as: "hang", when: { lateMs: 7_500 } });
  const oplead = client();
  expect(await failureOf(oplead.createUser(user(1)))).toMatchObject({ code: "ambiguous_creation" });
  fake.fail({ on: "createUser", as: { status: 422, body: {} }, times: 9 });
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "created", recovered: true });
  expect(fake.users).toHaveLength(1);
});

it("an abort ends the wait for a doubtful creation", async () => {
  const { fake, client } = platform();
  fake.fail({ on: "createUser", as: "reset" });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 250);
  const began = performance.now();
  const error = await failureOf(client().upsertUser(user(1), { signal: controller.signal }));
  expect(error.code).toBe("aborted");
  expect(performance.now() - began).toBeLessThan(2_000);
});

it("a user whose creation was lost counts as created once a later call finds it, even after settleMs", async () => {
  const { fake, client } = platform();
  fake.fail({ on: "createUser", as: "hang", when: { lateMs: 1_500 } });
  const oplead = client();
  expect(await failureOf(oplead.upsertUser(user(1), { deadlineMs: 800 }))).toMatchObject({
    code: "ambiguous_creation",
  });
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "created", recovered: true, requests: 1 });
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "updated", recovered: false });
});
