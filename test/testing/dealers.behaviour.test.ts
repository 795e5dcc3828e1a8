import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { caller } from "./helpers.ts";

type Dealer = Record<
  | "accountNumber"
  | "profile"
  | "parentAccountNumber"
  | "login"
  | "email"
  | "phone"
  | "lastname"
  | "company"
  | "street"
  | "zipCode"
  | "city"
  | "country",
  string
>;

const file = readFileSync(new URL("../../examples/dealers.csv", import.meta.url), "utf8");
const dealers = parse<Dealer>(file, { columns: true });

it("examples/dealers.csv has 300 users, each with its own accountNumber, login and phone", () => {
  expect(dealers).toHaveLength(300);
  for (const column of ["accountNumber", "login", "email", "phone"] as const) {
    expect(new Set(dealers.map((dealer) => dealer[column])).size, column).toBe(300);
  }
  expect(dealers.every(({ email }) => /^[a-z0-9.-]+@dealers\.example$/.test(email))).toBe(true);
});

it("the fake accepts every row of examples/dealers.csv", async () => {
  const fake = createFakeOplead();
  const call = caller(fake.fetch, "https://api.oplead.com");
  for (const { profile, parentAccountNumber, street, zipCode, city, country, ...fields } of dealers) {
    const { status, text } = await call("POST", "/v1/users", {
      ...fields,
      profile: { code: profile },
      address: { street, zipCode, city, country: { code: country } },
      ...(parentAccountNumber !== "" && { parentUserIdentifier: parentAccountNumber }),
    });
    expect(status, text).toBe(201);
  }
  expect(fake.users).toHaveLength(300);
});
