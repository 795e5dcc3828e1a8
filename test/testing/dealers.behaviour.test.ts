import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
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

interface Commune {
  nom: string;
  type: string;
  departement?: string;
  codesPostaux?: string[];
}

const file = readFileSync(new URL("../../examples/dealers.csv", import.meta.url), "utf8");
const dealers = parse<Dealer>(file, { columns: true });
const data = createRequire(import.meta.url).resolve("@etalab/decoupage-administratif/data/communes.json");
const communes = (JSON.parse(readFileSync(data, "utf8")) as Commune[]).filter(
  ({ type }) => type === "commune-actuelle",
);

it("examples/dealers.csv has 300 users, each with its own accountNumber, login and phone.", () => {
  expect(dealers).toHaveLength(300);
  for (const column of ["accountNumber", "login", "email", "phone"] as const) {
    expect(new Set(dealers.map((dealer) => dealer[column])).size, column).toBe(300);
  }
  expect(dealers.every(({ email }) => /^[a-z0-9.-]+@dealers\.example$/.test(email))).toBe(true);
});

it("examples/dealers.csv is a hierarchy of three levels, parents first.", () => {
  const seen = new Map<string, string>();
  for (const { accountNumber, profile, parentAccountNumber } of dealers) {
    const parent = { PRF_NETWORK: undefined, PRF_REGION: "PRF_NETWORK", PRF_DEALER: "PRF_REGION" }[profile];
    expect(seen.get(parentAccountNumber), accountNumber).toBe(parent);
    seen.set(accountNumber, profile);
  }
  const counts = ["PRF_NETWORK", "PRF_REGION", "PRF_DEALER"].map(
    (code) => dealers.filter(({ profile }) => profile === code).length,
  );
  expect(counts).toEqual([1, 15, 284]);
});

it("In each row of examples/dealers.csv, the postcode is really a postcode of the town.", () => {
  const real = new Set(communes.flatMap(({ nom, codesPostaux = [] }) => codesPostaux.map((zip) => `${zip} ${nom}`)));
  expect(dealers.filter(({ zipCode, city }) => !real.has(`${zipCode} ${city}`))).toEqual([]);
});

it("examples/dealers.csv has the difficult cases of French addresses and of CSV.", () => {
  const some = (column: keyof Dealer, pattern: RegExp) =>
    dealers.filter((dealer) => pattern.test(dealer[column])).length;
  expect(some("zipCode", /^01/)).toBeGreaterThan(1);
  expect(some("zipCode", /^0/)).toBeGreaterThan(20);
  for (const departement of ["2A", "2B"]) {
    const towns = communes.filter((commune) => commune.departement === departement).map(({ nom }) => nom);
    expect(dealers.some(({ zipCode, city }) => /^20/.test(zipCode) && towns.includes(city))).toBe(true);
  }
  for (const prefix of ["971", "972", "973", "974", "976"])
    expect(some("zipCode", new RegExp(`^${prefix}`))).toBeGreaterThan(0);
  for (const character of [/[éèêëâôîïç]/, /'/, /-/]) expect(some("city", character)).toBeGreaterThan(5);
  for (const character of [/,/, /"/]) expect(some("company", character)).toBeGreaterThan(5);
  expect(some("lastname", /[éèçÉ]/)).toBeGreaterThan(20);
});

it("The fake accepts every row of examples/dealers.csv.", async () => {
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

it("The fake's default countries name real counties and postcodes of France.", async () => {
  const fake = createFakeOplead();
  const { json } = await caller(fake.fetch, "https://api.oplead.com")("GET", "/v1/types/country/FR");
  for (const { number, postCodeZips } of json.counties) {
    const real = new Set(communes.filter((it) => it.departement === number).flatMap((it) => it.codesPostaux ?? []));
    expect(
      postCodeZips.filter((zip: string) => !real.has(zip)),
      number,
    ).toEqual([]);
  }
});
