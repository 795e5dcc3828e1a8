// test/slow/bullmq/queue-world.ts tests the lines of the queue.
import { expect, it } from "vitest";
import type { LogEvent, LogFields, OpleadLogger } from "../../src/index.ts";
import { memoryLedger } from "../../src/sync/index.ts";
import { setEntry } from "../support/entries.ts";
import { lineProblems } from "../support/log-lines.ts";
import { creationOf, eachTestItsWorld, user, users } from "../support/sync-world.ts";
import { deliveryOf, event, post, rawDelivery, setup } from "../support/webhook.ts";

const on = eachTestItsWorld();
const head = { profile: { code: "PRF_NETWORK" }, parentUserIdentifier: undefined };

function recorder() {
  const events = new Set<LogEvent>();
  const problems: string[] = [];
  const write = (text: string, fields: LogFields) => {
    events.add(fields?.event);
    problems.push(...lineProblems(text, fields));
  };
  const logger: OpleadLogger = { debug: write, info: write, warn: write, error: write };
  return { logger, events, problems };
}

it("every fact in the text of a log line is in its fields, for runs, users and requests", async () => {
  const { logger, events, problems } = recorder();
  const client = { logger, hooks: { around: () => Promise.reject(new Error("a hook")) } };
  await on.sync(users(6), {}, client);
  on.world.fake.fail({ on: "updateUser", as: { status: 503 }, times: 1 });
  on.world.fake.fail({ on: creationOf("ACC-7"), as: { status: 422 }, times: 9 });
  await setEntry(on.ledger, "ACC-2", { rules: "no rules", at: 0 } as never);
  const map = (one: ReturnType<typeof user>) => {
    if (one.accountNumber === "ACC-1") throw new Error("no such person");
    return { user: one, version: one.accountNumber === "ACC-3" ? "2026-01-01T00:00:00Z" : 1 };
  };
  const given = [user(0), user(1), user(2), user(3), user(7, head)];
  await on.sync(given.slice(0, 4), { map, guard: false }, client);
  const mixed = (one: ReturnType<typeof user>) => ({ user: { ...one, phone: "2" }, version: 2 });
  const throws = () => {
    throw new Error("a callback");
  };
  await on.sync(given, { map: mixed, guard: false, onMissing: throws, onUser: throws }, { ...client, testMode: false });
  await on.sync([user(0, { phone: "1" })], { guard: false }, { ...client, testMode: true });
  expect(problems).toEqual([]);
  expect([...events].sort()).toEqual([
    "callback_failed",
    "entry_damaged",
    "hook_failed",
    "ledger_bound",
    "map_failed",
    "request_ended",
    "request_retried",
    "run_ended",
    "step_failed",
    "test_mode",
    "version_not_comparable",
  ]);
});

it("every fact in the text of a webhook's log line is also in the fields of that line", async () => {
  const { logger, events, problems } = recorder();
  const client = { logger };
  const broken = { has: () => Promise.reject(new Error("a store")), add: () => Promise.reject(new Error("a store")) };
  const plain = setup({ client, ledger: memoryLedger(), onOutcome: () => Promise.reject(new Error("a callback")) });
  await plain.handler(deliveryOf(event, { id: "msg_1" }));
  await plain.handler(deliveryOf(event, { id: "msg_1" }));
  plain.fake.fail({ on: "updateUser", as: { status: 422 }, times: 9 });
  await plain.handler(deliveryOf({ ...event, city: "Lyon", revision: 2 }, { id: "msg_2" }));
  const down = setup({ client });
  down.fake.fail({ on: "updateUser", as: { status: 503 }, times: 9 });
  await down.handler(deliveryOf(event, { id: "msg_3" }));
  await plain.handler(rawDelivery("no JSON", { id: "msg_4" }));
  await plain.handler(post({}, "{}"));
  await setup({ client, deliveries: broken }).handler(deliveryOf(event, { id: "msg_5" }));
  await setup({ client: { ...client, testMode: true }, verify: "none" }).handler(deliveryOf(event, { id: "msg_6" }));
  const map = () => {
    throw new TypeError("a bug");
  };
  await setup({ client, map }).handler(deliveryOf(event, { id: "msg_7" }));
  await setup({ client, map: () => ({ user: { accountNumber: "ACC-9" } as never }) }).handler(
    deliveryOf(event, { id: "msg_8" }),
  );
  expect(problems).toEqual([]);
  expect([...events].sort()).toEqual([
    "callback_failed",
    "delivery_invalid",
    "delivery_postponed",
    "delivery_repeated",
    "delivery_store_failed",
    "ledger_bound",
    "outcome_unknown",
    "request_ended",
    "request_refused",
    "test_mode",
    "user_done",
    "user_refused",
    "versions_ignored",
    "webhook_failed",
    "webhook_unverified",
  ]);
});
