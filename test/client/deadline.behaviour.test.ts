import { beforeEach, expect, it } from "vitest";
import type { OpleadOptions } from "../../src/index.ts";
import { createFakeOplead, type FakeOplead } from "../../src/testing/index.ts";
import { mayComeLate, mayHaveActed } from "../../src/transport/failures.ts";
import { failureOf } from "../support/failure.ts";
import { connect as connectTo } from "../support/servers.ts";
import { user } from "../support/users.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

let fake: FakeOplead;
beforeEach(() => {
  useVirtualTime();
  fake = createFakeOplead({ uniqueAccountNumbers: false });
});

const connect = (options: OpleadOptions = {}) =>
  connectTo("http://oplead.test", { fetch: fake.fetch, retry: { attempts: 2, baseMs: 1 }, ...options });

async function occupied(options: OpleadOptions = {}) {
  const oplead = connect({ maxConcurrency: 1, ...options });
  fake.fail({ on: "updateUser", as: "hang", times: 1 });
  void oplead.updateUser("ACC-99", user(99)).catch(() => {});
  while (fake.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  return oplead;
}

it("a call that gets no turn before its deadline fails with the code deadline and leaves no doubt", async () => {
  const oplead = await occupied();
  const options = { deadlineMs: 60 };
  for (const call of [oplead.updateUser("ACC-1", user(1), options), oplead.listCountries(options)]) {
    const error = await failureOf(call);
    expect(error).toMatchObject({ code: "deadline", retryable: true, requests: 0 });
    expect(error.message).toContain("Nothing was sent.");
    expect([mayHaveActed(error), mayComeLate(error)]).toEqual([false, false]);
  }
  expect(fake.requests).toHaveLength(1);
});

it("a call that waits for an earlier call about its user until its deadline fails with `deadline`", async () => {
  const oplead = await occupied({ maxConcurrency: 9 });
  const error = await failureOf(oplead.updateUser("ACC-99", user(99), { deadlineMs: 60 }));
  expect(error).toMatchObject({ code: "deadline", requests: 0 });
  expect(fake.requests).toHaveLength(1);
});

it("a creation that the rate delays past its deadline is not ambiguous: the next call creates", async () => {
  const oplead = connect({ rateLimit: { requests: 1, perMs: 3_000 }, retry: false });
  await oplead.listCountries();
  // The POST would get its turn after the deadline.
  const call = oplead.upsertUser(user(1), { deadlineMs: 1_000 });
  const error = await failureOf(call);
  expect([error.code, error.retryable]).toEqual(["deadline", true]);
  const methods = () => fake.requests.map(({ method }) => method);
  expect(methods()).not.toContain("POST");
  const before = fake.requests.length;
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "created", recovered: false });
  // No request asks what became of a creation.
  expect(methods().slice(before)).toEqual(["PUT", "POST"]);
});
