import { describe, expect, it } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { caller, head, transports } from "./helpers.ts";

const offline = () => {
  const fake = createFakeOplead();
  return { fake, call: caller(fake.fetch, "https://api.oplead.com") };
};

describe.each(transports)("a fake reached through %s", (_, open) => {
  it("a fault's status can come with Retry-After, a body and headers", async () => {
    const { fake, call } = await open();
    const date = "Wed, 21 Oct 2026 07:28:00 GMT";
    fake.fail({ as: { status: 429, retryAfter: 2 } });
    fake.fail({ as: { status: 503, retryAfter: date, body: "busy", headers: { "X-Request-Id": "mine" } } });
    fake.fail({ as: { status: 400, body: { errors: ["no"] } } });
    fake.fail({ as: { status: 204, body: "never sent" } });
    const answers = [];
    for (let i = 0; i < 5; i += 1) answers.push(await call("GET", "/v1/types/countries"));
    expect(answers.map(({ status }) => status)).toEqual([429, 503, 400, 204, 200]);
    expect(answers.map(({ headers }) => headers.get("retry-after"))).toEqual(["2", date, null, null, null]);
    expect(answers[1]?.text).toBe("busy");
    expect(answers[1]?.headers.get("x-request-id")).toBe("mine");
    expect(answers[2]?.json).toEqual({ errors: ["no"] });
    expect(answers[3]?.text).toBe("");
  });

  it("a rate limit answers 429 before any fault, and says when to come back", async () => {
    let time = 0;
    const { fake, call } = await open({ now: () => time });
    const fault = fake.fail({ as: { status: 500 }, times: 99 });
    const limit = fake.limit({ requests: 2, perMs: 5_000, burst: 3 });
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await call("GET", "/v1/types/countries")).status);
    expect(statuses).toEqual([500, 500, 500, 429]);
    const over = await call("GET", "/v1/types/countries");
    expect([over.status, over.headers.get("retry-after"), over.json.code]).toEqual([429, "3", 429]);
    expect([limit.hits, fault.hits]).toEqual([2, 3]);
    time = 2_500;
    expect((await call("GET", "/v1/types/countries")).status).toBe(500);
    expect((await call("GET", "/v1/types/countries")).status).toBe(429);
    fake.limit(false);
    expect((await call("GET", "/v1/types/countries")).status).toBe(500);
  });
});

it.each([
  ["everything by default", undefined, [1, 1, 1, 1]],
  ["one operation", "updateUser", [0, 1, 0, 0]],
  ["one rule", "setProfileTypesRule", [0, 0, 1, 0]],
  ["any rule", "setRules", [0, 0, 1, 0]],
  ["a method", "PUT", [0, 1, 1, 0]],
  ["a predicate", (request: { body: unknown }) => Array.isArray(request.body), [0, 0, 1, 0]],
] as const)("a fault can hit %s", async (_name, on, expected) => {
  const { fake, call } = offline();
  fake.fail({ as: { status: 418 }, times: 9, ...(on && { on }) });
  const answers = [
    await call("POST", "/v1/users", head()),
    await call("PUT", "/v1/users/X", head()),
    await call("PUT", "/v1/users/X/rule/profile-types", []),
    await call("GET", "/v1/types/countries"),
  ];
  expect(answers.map(({ status }) => Number(status === 418))).toEqual(expected);
});

it("a fault hits as many calls as `times` says, one by default, in order of registration", async () => {
  const { fake, call } = offline();
  fake.fail({ as: { status: 500 }, times: 2 });
  fake.fail({ as: { status: 502 } });
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await call("GET", "/v1/types/countries")).status);
  expect(statuses).toEqual([500, 500, 502, 200]);
});

it("a fault, delay or limit that makes no sense is refused when it is made", () => {
  const { fake } = offline();
  // @ts-expect-error A misspelt operation.
  expect(() => fake.fail({ on: "createuser", as: "reset" })).toThrow(/createuser/);
  // @ts-expect-error A misspelt answer: it would be a 200 without a body.
  expect(() => fake.fail({ as: "hangs" })).toThrow(/hangs/);
  // @ts-expect-error A misspelt moment: the fake would act.
  expect(() => fake.fail({ as: "reset", when: "befor" })).toThrow(/befor/);
  // @ts-expect-error A misspelt moment: there would be no delay.
  expect(() => fake.delay({ ms: 1, when: "later" })).toThrow(/later/);
  // @ts-expect-error A misspelt header.
  expect(() => fake.limit({ requests: 1, perMs: 1, header: "retry" })).toThrow(/retry/);
  expect(() => fake.fail({ as: { status: 99 } })).toThrow(RangeError);
  expect(() => fake.fail({ as: "reset", times: 0 })).toThrow(RangeError);
  expect(() => fake.fail({ as: "reset", share: 2 })).toThrow(RangeError);
  expect(() => fake.delay({ ms: -1 })).toThrow(RangeError);
  expect(() => fake.limit({ requests: 0, perMs: 1 })).toThrow(RangeError);
  expect(() => fake.limit({ requests: 1, perMs: 1, burst: 0 })).toThrow(RangeError);
});
