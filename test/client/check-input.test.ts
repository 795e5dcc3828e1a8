import { inspect } from "node:util";
import { expect, it } from "vitest";
import { createOplead, isOpleadError, type Oplead } from "../../src/index.ts";
import { rawClient } from "../../src/raw.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { user } from "../support/users.ts";

function connect() {
  const { fetch } = createFakeOplead({ token: "t" });
  return createOplead({ token: "t", baseUrl: "https://fake.example", fetch, rateLimit: false, retry: false });
}

it.each<[string, (oplead: Oplead) => Promise<unknown>, string[]]>([
  ["upsertUser", (oplead) => oplead.upsertUser(user(1), { rule: {} } as never), ["id", "rules", "timeoutMs"]],
  ["createUser", (oplead) => oplead.createUser(user(1), { rule: {} } as never), ["timeoutMs"]],
  ["getCountry", (oplead) => oplead.getCountry("FR", { fresh: true } as never), ["timeoutMs"]],
])(
  "a misspelt option of the method %s is answered with the names of all options of that method",
  async (_name, call, names) => {
    const error = await call(connect()).catch((thrown: unknown) => thrown);
    if (!isOpleadError(error) || error.code !== "invalid_options") throw error;
    const [issue] = error.issues;
    if (issue?.code !== "unknown_option") throw error;
    expect(issue.parameters.known.slice(0, names.length)).toEqual(names);
    expect(issue.parameters.known).toContain("headers");
  },
);

it.each(["phone", "mobile", "company", "firstname", "address.street"])(
  "the error about null in the field %s says to leave the field out",
  async (path) => {
    const { address, ...one } = user(1);
    const wrong =
      path === "address.street" ? { ...one, address: { ...address, street: null } } : { ...one, address, [path]: null };
    const error = await connect()
      .upsertUser(wrong as never)
      .catch((thrown: unknown) => thrown);
    if (!isOpleadError(error)) throw error;
    expect(error.issues).toEqual([expect.objectContaining({ path, code: "null_field" })]);
    expect(error.message).toMatch(/leave the field out.*Oplead documents neither/);
  },
);

it("a call ends at once if the prototype of its options has a signal that was aborted", async () => {
  const options: object = Object.create({ signal: AbortSignal.abort("enough") });
  for (const call of [connect().upsertUser(user(1), options), connect().listCountries(options)]) {
    await expect(call).rejects.toMatchObject({ code: "aborted", requests: 0 });
  }
});

it("an error that names a path does not contain an e-mail address", async () => {
  const raw = rawClient(connect()) as unknown as Record<"GET", (path: string) => Promise<unknown>>;
  for (const address of [
    "jean@dealers.example",
    "jean%40dealers.example",
    "jean%2540dealers.example",
    "%6Aean%40x%2E",
  ]) {
    const error = await raw.GET(`/v1/users/${address}/..`).catch((thrown: unknown) => thrown);
    expect(isOpleadError(error)).toBe(true);
    expect(inspect(error) + JSON.stringify(error)).not.toMatch(/dealers|%40/);
  }
});

it("a user that is an instance of a class is checked as its JSON, which lacks the getters of the class", async () => {
  class Dealer {
    readonly [name: string]: unknown;
    constructor(fields: object) {
      Object.assign(this, fields);
    }
    get lastname() {
      return "Martin";
    }
    get city() {
      return "Lyon";
    }
    get code() {
      return "FR";
    }
  }
  const { lastname: _, address, profile, ...rest } = user(1);
  const { city: _city, country, ...street } = address;
  const cases: [given: object, path: string][] = [
    [new Dealer({ ...rest, address, profile }), "lastname"],
    [{ ...user(1), address: new Dealer({ ...street, country }) }, "address.city"],
    [{ ...user(1), address: { ...address, country: new Dealer({}) } }, "address.country.code"],
    [{ ...user(1), profile: new Dealer({}) }, "profile.code"],
  ];
  for (const [given, path] of cases) {
    const call = connect().createUser(given as never);
    await expect(call).rejects.toMatchObject({ code: "invalid_input", issues: [{ path }] });
  }
});

it("a part of a user that has a toJSON method is checked as its JSON", async () => {
  const other = { toJSON: () => ({ code: 5 }) };
  for (const part of [{ profile: other }, { address: { ...user(1).address, country: other } }]) {
    const call = connect().createUser({ ...user(1), ...part } as never);
    await expect(call).rejects.toMatchObject({
      code: "invalid_input",
      issues: [{ path: expect.stringMatching(/code$/) }],
    });
  }
});

it("an id or identification that cannot be part of a path is refused, by name, before anything is sent", async () => {
  const oplead = connect();
  for (const odd of ["..", "", " ", "\ud800"]) {
    const upsert = oplead.upsertUser(user(1), { id: odd });
    await expect(upsert).rejects.toMatchObject({ code: "invalid_input", issues: [{ path: "id" }] });
    for (const call of [oplead.updateUser(odd, user(1)), oplead.setRules(odd, { maxDistance: 3 })]) {
      await expect(call).rejects.toMatchObject({ code: "invalid_input", issues: [{ path: "userIdentification" }] });
    }
  }
  const missing = oplead.updateUser(undefined as never, user(1));
  await expect(missing).rejects.toMatchObject({ issues: [{ path: "userIdentification" }] });
});
