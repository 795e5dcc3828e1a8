import { inspect } from "node:util";
import { expect, it } from "vitest";
import { refusalsIn } from "../../src/core/redact.ts";
import { createOplead } from "../../src/index.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";

import { user } from "../support/users.ts";

const TAKEN = "clotilde@secret.example is taken";

// Forms of refusals that frameworks and gateways use.
const FORMS: [string, unknown, Record<string, string>][] = [
  ["a list of errors", { errors: [{ field: "email", code: "NOT_UNIQUE", message: TAKEN }] }, { email: TAKEN }],
  ["errors by field", { errors: { email: [TAKEN, "too long"] } }, { email: `${TAKEN}; too long` }],
  [
    "errors by nested field",
    { errors: { address: { zipCode: "x" }, email: { message: TAKEN } } },
    { "address.zipCode": "x", email: TAKEN },
  ],
  ["violations", { violations: [{ propertyPath: "user.address.zipCode", title: "x" }] }, { "address.zipCode": "x" }],
  [
    "a form's children",
    { errors: { children: { email: { errors: [TAKEN] }, login: [] } } },
    { email: TAKEN, login: "" },
  ],
  ["a JSON pointer", { errors: [{ source: { pointer: "/data/attributes/email" } }] }, { email: "" }],
  ["RFC 9457", { "invalid-params": [], errors: [{ pointer: "#/email", detail: TAKEN }] }, { email: TAKEN }],
  [
    "names in snake case",
    { errors: { zip_code: "x", parent_user_identifier: "y" } },
    { zipCode: "x", parentUserIdentifier: "y" },
  ],
  ["places of a rule", { errors: [{ path: "[0].range.code", message: "x" }] }, { "[0].range.code": "x" }],
  ["a code without a field", { errors: [{ code: "NOT_UNIQUE", message: TAKEN }] }, {}],
  ["fields that are people", { errors: { "clotilde@secret.example": ["taken"] } }, {}],
  ["nothing but text", { message: TAKEN }, {}],
];

it.each(FORMS)("a refusal with %s gives our paths and Oplead's words", (_form, body, fields) => {
  expect(Object.fromEntries(refusalsIn(body))).toEqual(fields);
});

it.each(["refused", "conflict"] as const)(
  "`%s` has the fields that Oplead names as issues, and prints no words of it",
  async (code) => {
    const fake = createFakeOplead();
    const status = code === "conflict" ? 409 : 422;
    fake.fail({ as: { status, body: { errors: { email: [TAKEN], profile: { code: ["unknown"] } } } }, times: 99 });
    const error = await failureOf(createOplead({ token: "t", fetch: fake.fetch }).upsertUser(user(1)));
    expect(error.code).toBe(code);
    expect(error.issues).toMatchObject([
      { path: "email", code: "refused_by_oplead", message: "is refused by Oplead", said: TAKEN },
      { path: "profile.code", said: "unknown" },
    ]);
    for (const shown of [inspect(error, { depth: null, showHidden: true }), JSON.stringify(error), error.message]) {
      expect(shown).toContain("profile.code");
      expect(shown).not.toContain("secret.example");
    }
  },
);

it("a refusal that names no field has an empty list of issues, and an answer that is no refusal has none", async () => {
  const fake = createFakeOplead();
  const oplead = createOplead({ token: "t", fetch: fake.fetch, retry: false });
  fake.fail({ as: { status: 422, body: { message: "no" } }, times: 99 });
  expect((await failureOf(oplead.createUser(user(1)))).issues).toEqual([]);
  fake.reset();
  fake.fail({ as: { status: 403, body: { message: "no" } }, times: 99 });
  expect((await failureOf(oplead.createUser(user(1)))).issues).toBeUndefined();
});
