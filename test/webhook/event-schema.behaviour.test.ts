import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { userSchema } from "../../src/index.ts";
import type { InputSchema } from "../../src/webhook/index.ts";
import { deliveryOf, event, outcomes, type PersonEvent, personal, setup, told } from "../support/webhook.ts";

const inZod = z.object({ number: z.int(), revision: z.coerce.number(), city: z.optional(z.string()) });
const inValibot = v.object({ number: v.number(), revision: v.pipe(v.unknown(), v.transform(Number)) });

const inArkType = type({ "+": "delete", number: "number", revision: type("string").pipe(Number) });

const made = (validate: InputSchema<PersonEvent>["~standard"]["validate"]) =>
  ({ "~standard": { vendor: "mine", validate } }) satisfies InputSchema<PersonEvent>;

describe.each([
  ["Zod", inZod],
  ["Valibot", inValibot],
  ["ArkType", inArkType],
])("an event schema of %s", (_name, schema) => {
  it("map and deliveryId are given the output of the schema, not the body", async () => {
    const seen: unknown[] = [];
    const { handler, fake } = setup({
      event: schema as InputSchema<PersonEvent>,
      deliveryId: (given) => {
        seen.push(given);
        return `id-${given.revision + 1}`;
      },
      map: (given, { deliveryId }) => {
        seen.push(given, deliveryId);
        return null;
      },
    });
    expect(outcomes(await told(handler(deliveryOf({ number: 1, revision: "7", more: 1 }))))).toEqual(["ignored"]);
    expect(seen).toEqual([{ number: 1, revision: 7 }, { number: 1, revision: 7 }, "id-8"]);
    expect(fake.requests).toEqual([]);
  });
});

it("a body that does not fit its schema is answered 400 with each path, and no value is shown", async () => {
  const employees = z.object({ employees: z.array(z.object({ email: z.email(), zip: z.string() })) });
  const { handler, fake, log } = setup({ event: employees as never });
  const wrong = { employees: [{ email: "person-1", zip: 75001 }, { email: 5 }] };
  const answer = await told(handler(deliveryOf(wrong)));
  expect(answer).toMatchObject({ status: 400, body: { error: "invalid_event" } });
  const { issues } = answer.body as { issues: { path: string; code: string }[] };
  expect(issues.map(({ path, code }) => [path, code])).toEqual([
    ["employees.0.email", "invalid"],
    ["employees.0.zip", "invalid"],
    ["employees.1.email", "invalid"],
    ["employees.1.zip", "invalid"],
  ]);
  expect(`${answer.text}${log.text}`).not.toMatch(/75001|person-1/);
  expect(answer.text).not.toMatch(personal);
  expect(fake.requests).toEqual([]);
});

it("a schema of this package says what is wrong in words that repeat no value of the event", async () => {
  const { handler } = setup({ event: userSchema as never });
  const answer = await told(handler(deliveryOf({ lastName: "Martin" })));
  expect(answer.body).toMatchObject({ error: "invalid_event" });
  expect(answer.text).toContain("is required");
});

it("a schema that throws leads to 500, and the log names the kind of error without its text", async () => {
  const thrower = made(() => {
    throw new RangeError("of person-1");
  });
  const { handler, log } = setup({ event: thrower });
  expect(await told(handler(deliveryOf(event)))).toMatchObject({ status: 500, body: { error: "internal" } });
  expect(log.text).toMatch(/the schema of the event threw a RangeError \(500\)/);
  expect(log.text).not.toMatch(personal);
});

it("a schema without an answer within respondWithinMs leads to 503", async () => {
  const { handler } = setup({ event: made(() => new Promise(() => {})), respondWithinMs: 20 });
  expect(await told(handler(deliveryOf(event)))).toMatchObject({ status: 503, body: { error: "slow" } });
});

it("a forged event never reaches the schema", async () => {
  let asked = 0;
  const { handler } = setup({
    event: made(() => {
      asked += 1;
      return { value: event };
    }),
    verify: () => false,
  });
  expect((await handler(deliveryOf(event))).status).toBe(401);
  expect(asked).toBe(0);
});
