/** What map may return, and what is answered when it is not valid. */

import { expect, it } from "vitest";
import { maxDistance } from "../../src/index.ts";
import { deliveryOf, event, personUser, setup, toEntry, told } from "../support/webhook.ts";

it("Every problem of every entry is listed with its path and without its value, and nothing is sent", async () => {
  const wrong = { ...personUser(event), email: "Martin@nowhere", lastname: "", address: { city: "Bourg" } };
  const { handler, fake, log } = setup({
    map: () => [
      toEntry(event),
      { user: wrong as never, rules: { maxDistance: -1 } },
      { user: { ...personUser(event), accountNumber: undefined }, version: Number.NaN },
    ],
  });
  const answer = await told(handler(deliveryOf(event)));
  expect(answer).toMatchObject({ status: 400, body: { error: "invalid_event" } });
  expect(answer.body.issues.map(({ path }: { path: string }) => path)).toEqual([
    "[1].user.lastname",
    "[1].user.email",
    "[1].user.address.zipCode",
    "[1].user.address.country",
    "[1].rules.maxDistance",
    "[2].user.accountNumber",
    "[2].version",
  ]);
  expect(answer.text + log.text).not.toMatch(/Martin|nowhere|Bourg/);
  expect(fake.requests).toEqual([]);
});

it.each([[5], ["ACC-1"], [{}], [{ user: null }]])("A map that returns %j is answered 400", async (mapped) => {
  const { handler, fake } = setup({ map: () => mapped as never });
  expect((await handler(deliveryOf(event))).status).toBe(400);
  expect(fake.requests).toEqual([]);
});

it("An error with issues that map throws is answered 400 with the paths and without the messages", async () => {
  const issues = [
    { path: ["employee", "email"], message: "person-1@dealers.example is not welcome" },
    { path: [{ key: "byEmail" }, { key: "person-1@dealers.example" }], message: "no" },
  ];
  const error = Object.assign(new Error(JSON.stringify(issues)), { name: "ZodError", issues });
  const { handler, log } = setup({ map: () => Promise.reject(error) });
  const answer = await told(handler(deliveryOf(event)));
  expect(answer.status).toBe(400);
  expect(answer.body.issues.map(({ path }: { path: string }) => path)).toEqual(["employee.email", "byEmail.[…]"]);
  expect(answer.text + log.text).not.toContain("@");
});

it("The messages of this package's own validation errors are part of the answer", async () => {
  const { handler } = setup({ map: () => ({ user: personUser(event), rules: { maxDistance: maxDistance(-5) } }) });
  const answer = await told(handler(deliveryOf(event)));
  expect(answer.status).toBe(400);
  expect(answer.body.issues[0].message).not.toBe("is not valid");
});
