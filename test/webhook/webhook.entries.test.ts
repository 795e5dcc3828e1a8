import { expect, it } from "vitest";
import { checkEntries } from "../../src/webhook/webhook.ts";
import { deliveryOf, event, personUser, setup, toEntry, told } from "../support/webhook.ts";

it("the answer lists every problem of every entry by its path, without the value, and nothing is sent", async () => {
  const wrong = { ...personUser(event), email: "Martin@nowhere", lastname: "", address: { city: "Bourg" } };
  const { handler, fake, log } = setup({
    map: () => [
      toEntry(event),
      { user: wrong as never, rules: { maxDistance: -1 } },
      { user: { ...personUser(event), accountNumber: undefined } as never, version: Number.NaN },
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

it.each([[5], ["ACC-1"], [{}], [{ user: null }]])("a map that returns %j is answered 400", async (mapped) => {
  const { handler, fake } = setup({ map: () => mapped as never });
  expect((await handler(deliveryOf(event))).status).toBe(400);
  expect(fake.requests).toEqual([]);
});

it("an error with issues that map throws is answered 400 with the paths and without the messages", async () => {
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

it("an entry needs an account number, and its version must be a number or a text", () => {
  const paths = (more: object) => checkEntries([{ ...toEntry(event), ...more }], {}).issues.map(({ path }) => path);
  for (const version of [0, 1.5, "", "v1", undefined]) expect(paths({ version })).toEqual([]);
  for (const version of [Number.NaN, Number.POSITIVE_INFINITY, null, true, {}]) {
    expect(paths({ version })).toEqual(["version"]);
  }
  expect(paths({ user: { ...personUser(event), accountNumber: undefined } })).toEqual(["user.accountNumber"]);
  expect(paths({ user: null })).toEqual(["user"]);
});
