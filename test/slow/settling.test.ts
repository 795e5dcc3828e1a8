import { expect, it } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { connect } from "../support/servers.ts";
import { user } from "../support/users.ts";

// The forms of test/client/settling.behaviour.test.ts that take real time, through real connections.

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

it("creations that Oplead carries out after the client has given up leave one user each", async () => {
  const fake = createFakeOplead({ uniqueAccountNumbers: false });
  const server = await fake.listen();
  fake.fail({ on: "createUser", as: "hang", when: { lateMs: [2_500, 4_000] }, times: 30 });
  const oplead = connect(server.url, { timeoutMs: 2_000, settleMs: 8_000, maxConcurrency: 30 });
  const results = await Promise.all(numbers(30).map((number) => oplead.upsertUser(user(number))));
  await fake.settled();
  expect(fake.duplicates()).toEqual([]);
  expect(fake.users).toHaveLength(30);
  expect(results.every(({ outcome, recovered }) => outcome === "created" && recovered)).toBe(true);
  await server.close();
});

it("lost answers leave one user each, although reads lag", async () => {
  const fake = createFakeOplead({ uniqueAccountNumbers: false });
  const server = await fake.listen();
  fake.lag(300);
  fake.fail({ on: "createUser", as: "reset", when: "after", share: 0.4, seed: 3 });
  const oplead = connect(server.url, { settleMs: 4_000, maxConcurrency: 60 });
  await Promise.all(numbers(60).map((number) => oplead.upsertUser(user(number))));
  expect(fake.duplicates()).toEqual([]);
  expect(fake.users).toHaveLength(60);
  await server.close();
});
