import { describe, expect, it } from "vitest";
import * as core from "../src/index.ts";
import * as raw from "../src/raw.ts";
import * as testing from "../src/testing/index.ts";
import { user } from "./support/users.ts";

describe("what each entry point gives", () => {
  it("oplead-sdk", () => {
    expect(Object.keys(core).sort()).toEqual([
      "OpleadError",
      "checkRules",
      "code",
      "competences",
      "contactProfiles",
      "createOplead",
      "geographical",
      "geographicalFromZips",
      "isOpleadError",
      "maxDistance",
      "profileTypes",
      "userSchema",
      "version",
    ]);
  });

  it("oplead-sdk/raw", () => expect(Object.keys(raw)).toEqual(["rawClient"]));
  it("oplead-sdk/testing", () => expect(Object.keys(testing)).toContain("createFakeOplead"));
});

describe("version", () => {
  it("is that of package.json", async () => {
    const { default: manifest } = await import("../package.json", { with: { type: "json" } });
    expect(core.version).toBe(manifest.version);
  });
});

describe("userSchema", () => {
  const validate = core.userSchema["~standard"].validate;

  it("gives the very value it was given", () => {
    const value = user(1, { more: { than: "known" } });
    const result = validate(value);
    expect(result.issues).toBeUndefined();
    expect((result as { value: unknown }).value).toBe(value);
  });

  it("lists every problem with its path", () => {
    const { lastname, ...rest } = user(1);
    const wrong = {
      ...rest,
      lastName: lastname,
      civility: " ",
      email: "nobody",
      phone: 612345678,
      accountNumber: " ACC-1",
      parentUserIdentifier: "..",
      profile: "PRF",
      address: { zipCode: 1000, city: "", country: { code: "fr" } },
    };
    const issues = validate(wrong).issues?.map(({ path, message }) => `${path.join(".")}: ${message}`);
    expect(issues).toEqual([
      "civility: must not be empty",
      'lastname: is required; there is "lastName", which must be written "lastname"',
      "email: is not an e-mail address",
      "address.zipCode: zip codes are text: a leading zero was probably lost. Read the column as text",
      "address.city: must not be empty",
      'address.country.code: must be the two-letter country code in capitals, for example "FR"',
      'profile: must be an object: { code: "…" }',
      "parentUserIdentifier: must be the parent's Oplead ID or accountNumber, as text without white space",
      "accountNumber: has white space around it, and would be another identifier with it",
      "phone: must be text: a leading zero was probably lost",
    ]);
  });

  it.each([undefined, null, "text", 5, [], () => user(1)])("refuses %s", (value) => {
    expect(validate(value).issues?.length).toBeGreaterThan(0);
  });

  it.each(["a@b.fr", "first.last+tag@sub.example.museum", "éléonore@société.fr", "o'neil@x.io"])(
    "takes %s",
    (email) => {
      expect(validate(user(1, { email })).issues).toBeUndefined();
    },
  );

  it.each(["a@b", "a b@c.fr", "@c.fr", "a@", "a@@b.fr", "a@b..fr", "a@.fr"])("refuses the e-mail %s", (email) => {
    expect(validate(user(1, { email })).issues).toHaveLength(1);
  });
});

describe("isOpleadError", () => {
  it("knows its own, and only those", () => {
    expect(core.isOpleadError(new core.OpleadError("timeout", "…"))).toBe(true);
    for (const stranger of [new Error("x"), null, undefined, "OpleadError", { name: "OpleadError", code: "timeout" }]) {
      expect(core.isOpleadError(stranger)).toBe(false);
    }
  });

  it("an error is an Error with its name, code and cause", () => {
    const cause = new Error("below");
    const error = new core.OpleadError("connection", "no answer", { cause, retryable: true, operation: "upsertUser" });
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe("OpleadError: no answer");
    expect(error).toMatchObject({ name: "OpleadError", code: "connection", cause, retryable: true });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: "OpleadError",
      code: "connection",
      message: "no answer",
      retryable: true,
      operation: "upsertUser",
    });
  });

  it("shows twenty problems and keeps them all", async () => {
    const zips = Array.from({ length: 50 }, (_, i) => i);
    const oplead = core.createOplead({ token: "t" });
    const rules = { geographical: { handledCountries: [] as never[] }, maxDistance: -1 } as core.UserRules;
    await expect(oplead.setRules("A", rules)).rejects.toMatchObject({ code: "invalid_input" });
    const build = () => core.geographical().zips("FR", "75", zips as unknown as string[]);
    expect(build).toThrow(/and 30 more, all in error\.issues/);
  });
});
