import { inspect } from "node:util";
import { expect, it, onTestFinished, vi } from "vitest";
import { OpleadError } from "../../src/index.ts";
import type { WebhookOutcome } from "../../src/webhook/index.ts";
import { deliveryOf, event, outcomes, personal, personUser, setup, toEntry, told } from "../support/webhook.ts";

const unknownProfile = () => ({ user: { ...personUser(event), profile: { code: "PRF_NOBODY" } } });

it("a refused entry is answered 200 and passed to onRefused once, without personal data in the log", async () => {
  const rejections: WebhookOutcome<"failed" | "incomplete">[] = [];
  const onRefused = (rejection: WebhookOutcome<"failed" | "incomplete">) => void rejections.push(rejection);
  const { handler, fake, log } = setup({ map: unknownProfile, onRefused });
  const answer = await told(handler(deliveryOf(event, { id: "msg_r" })));
  expect(answer).toMatchObject({ status: 200, body: { results: [{ outcome: "failed", code: "refused" }] } });
  expect(fake.users).toEqual([]);
  const [rejection] = rejections;
  expect(rejections).toHaveLength(1);
  expect(rejection).toMatchObject({ accountNumber: "ACC-1", outcome: "failed", deliveryId: "msg_r", testMode: false });
  expect(rejection?.failed[0].error).toMatchObject({ code: "refused", status: 422 });
  expect(rejection?.failed.map(({ step }) => step)).toEqual(["user"]);
  expect(rejection?.entry.user.email).toBe("person-1@dealers.example");
  expect(inspect(rejection, { showHidden: true, depth: 9 }) + JSON.stringify(rejection)).not.toMatch(personal);
  expect(answer.text + log.text).not.toMatch(personal);
});

it("if onRefused fails, the sender is answered 503 and the repetition calls it again", async () => {
  let calls = 0;
  const { handler, log } = setup({
    map: unknownProfile,
    onRefused: async () => {
      calls += 1;
      if (calls === 1) throw new Error("the queue for person-1@dealers.example is down");
    },
  });
  const answer = await told(handler(deliveryOf(event, { id: "msg_q" })));
  expect(answer).toMatchObject({ status: 503, body: { error: "not_recorded" } });
  expect(answer.retryAfter).toBeGreaterThan(0);
  expect((await handler(deliveryOf(event, { id: "msg_q" }))).status).toBe(200);
  expect(calls).toBe(2);
  expect(log.text).not.toContain("@");
});

it.each([
  ["a 503", { as: { status: 503 } }],
  ["a 500", { as: { status: 500 } }],
  ["an empty 500", { as: "empty-500" }],
  ["a broken connection", { as: "reset" }],
  ["an HTML page", { as: "html-200" }],
  ["cut JSON", { as: "truncated-json" }],
  ["a token that is not accepted", { as: { status: 401 } }],
  ["a token without the right", { as: { status: 403 } }],
  ["a redirect, because baseUrl is wrong", { as: { status: 301 } }],
  ["a 404 for everything, because baseUrl is wrong", { as: { status: 404 } }],
] as const)("after %s the sender is answered 503 with Retry-After, and its repetition succeeds", async (_, { as }) => {
  const { handler, fake, log } = setup();
  const fault = fake.fail({ as, times: Number.POSITIVE_INFINITY });
  const answer = await told(handler(deliveryOf(event, { id: "msg_d" })));
  expect(answer).toMatchObject({ status: 503, body: { error: "oplead_unavailable" }, retryAfter: 30 });
  expect(answer.text + log.text).not.toMatch(personal);
  fault.remove();
  expect(outcomes(await told(handler(deliveryOf(event, { id: "msg_d" }))))).toEqual(["created"]);
  expect(fake.users).toHaveLength(1);
});

it("an onOutcome that throws or rejects changes no answer, and a printed outcome is not personal", async () => {
  const seen: unknown[] = [];
  for (const fail of [
    () => {
      throw new Error("@");
    },
    async () => {
      throw new Error("@");
    },
  ]) {
    const { handler, log } = setup({
      onOutcome: (outcome) => {
        seen.push(outcome);
        return fail();
      },
    });
    expect((await handler(deliveryOf(event))).status).toBe(200);
    await new Promise(setImmediate);
    expect(log.text).toContain("onOutcome threw");
    expect(log.text).not.toContain("@");
  }
  expect(seen).toHaveLength(2);
  expect(seen[0]).toMatchObject({ outcome: "created", requests: 2 });
  expect(inspect(seen, { showHidden: true, depth: 9 }) + JSON.stringify(seen)).not.toMatch(personal);
});

const bare = (options: Parameters<typeof setup>[0] = {}) =>
  setup({
    client: { logger: undefined },
    map: () => ({ user: { ...personUser(event), profile: { code: "X" } } }),
    ...options,
  });

it("a refused entry is written to console.error, so that it does not disappear", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => error.mockRestore());
  const { handler } = bare();
  expect((await handler(deliveryOf(event))).status).toBe(200);
  expect(error.mock.calls.flat().join()).toContain("user ACC-1: failed");
  expect(error.mock.calls.flat().join()).not.toMatch(personal);
});

it("a webhook with a queue hands users to the queue, answers 202, and sends nothing to Oplead", async () => {
  const enqueue = vi.fn(async () => {});
  const { handler, fake } = setup({ queue: { enqueue } });
  const answer = await told(handler(deliveryOf(event, { id: "a" })));
  expect([answer.status, outcomes(answer)]).toEqual([202, ["queued"]]);
  expect(enqueue).toHaveBeenCalledWith(toEntry(event), expect.objectContaining({ testMode: false, retryHeld: true }));
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["repeated"]);
  expect(enqueue).toHaveBeenCalledTimes(1);
  expect(fake.requests).toEqual([]);
});

it("a webhook with a queue passes test mode to the queue", async () => {
  const enqueue = vi.fn(async () => {});
  const { handler } = setup({ queue: { enqueue }, client: { testMode: true } });
  expect((await handler(deliveryOf(event))).status).toBe(202);
  expect(enqueue).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ testMode: true }));
});

it.each([
  new Error("redis://user:password@host"),
  new OpleadError("queue_unavailable", "The queue's Redis failed.", { retryable: true }),
])("a queue that fails with %s leads to 503 not_recorded, and gets the repeated delivery", async (error) => {
  const enqueue = vi.fn(async () => {}).mockRejectedValueOnce(error);
  const { handler, log } = setup({ queue: { enqueue } });
  expect(await told(handler(deliveryOf(event, { id: "a" })))).toMatchObject({
    status: 503,
    body: { error: "not_recorded" },
  });
  expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(202);
  expect(log.text).not.toContain("password");
});
