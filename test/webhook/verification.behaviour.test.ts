import { expect, it } from "vitest";
import { eventBody, post, setup, told } from "../support/webhook.ts";

it.each<[result: unknown, reason: string]>([
  [undefined, "verify returned a value of type undefined"],
  [null, "verify returned null"],
  ["yes", "verify returned a value of type string"],
  [1, "verify returned a value of type number"],
  [{ id: "evt_1" }, "verify returned a value of type object"],
  [false, "verify returned false"],
  [{ genuine: false }, "verify returned false"],
  [{ genuine: "yes" }, "verify returned false"],
  [Promise.resolve(false), "verify returned false"],
  [{ genuine: false, reason: "wrong key" }, "wrong key"],
  [{ genuine: false, reason: async () => "looked up" }, "looked up"],
])("a request is refused if its verifier gives %j, and the log says why", async (result, reason) => {
  const { handler, log, fake } = setup({ verify: (() => result) as never });
  expect(await told(handler(post({}, eventBody)))).toMatchObject({ status: 401, body: { error: "invalid_signature" } });
  expect(log.lines.at(-1)).toContain(`refused a request (401): ${reason}`);
  expect(fake.requests).toEqual([]);
});

it("a request is refused if verify, findMissingHeader or the returned reason throws", async () => {
  const throws = () => {
    throw new TypeError("secret");
  };
  const thrown = setup({ verify: throws });
  expect((await thrown.handler(post({}, eventBody))).status).toBe(401);
  expect(thrown.log.lines.at(-1)).toContain("verify threw a TypeError");
  const finding = setup({ verify: Object.assign(() => true, { findMissingHeader: throws }) });
  expect((await finding.handler(post({}, eventBody))).status).toBe(401);
  expect(finding.log.lines.at(-1)).toContain("verify.findMissingHeader threw a TypeError");
  const reasoning = setup({ verify: () => ({ genuine: false, reason: throws }) });
  expect((await reasoning.handler(post({}, eventBody))).status).toBe(401);
  expect(reasoning.log.lines.at(-1)).toContain("when it was asked for the reason");
});
