import { inspect } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createOplead, isOpleadError } from "../../src/index.ts";
import { rawClient } from "../../src/raw.ts";
import { keyvLedger, memoryLedger, planSync } from "../../src/sync/index.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { createUserWebhook, hmacSignature, standardWebhooks, stripeStyle } from "../../src/webhook/index.ts";
import { user } from "../support/users.ts";

const METHODS = [
  ...(["upsertUser", "createUser", "updateUser", "setRules"] as const),
  ...(["listUserProfiles", "listCountries", "getCountry"] as const),
];

function connect() {
  const { fetch } = createFakeOplead({ token: "t" });
  return createOplead({ token: "t", baseUrl: "http://fake.example", fetch, rateLimit: false, retry: false });
}

it("whatever a method is given, it ends with a result or an OpleadError", async () => {
  const odd = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
  const fields = Object.entries(user(1)).map(([name, value]) => [name, fc.oneof(odd, fc.constant(value))] as const);
  const anything = fc.oneof(
    odd,
    fc.constantFrom(undefined, null, "", "1", user(1), { rules: { maxDistance: 3 } }, Symbol("x")),
    fc.record({ id: odd, rules: odd, signal: odd, headers: odd }, { requiredKeys: [] }),
    fc.record(Object.fromEntries(fields)),
  );
  const oplead = connect();
  const outcomes = { results: 0, errors: 0 };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...METHODS), fc.array(anything, { maxLength: 3 }), async (method, args) => {
      const call = oplead[method] as (...args: unknown[]) => Promise<unknown>;
      try {
        await call(...args);
        outcomes.results += 1;
      } catch (error) {
        if (!isOpleadError(error)) throw error;
        outcomes.errors += 1;
      }
    }),
    { numRuns: 1000 },
  );
  expect(outcomes.results).toBeGreaterThan(0);
  expect(outcomes.errors).toBeGreaterThan(0);
});

it.each([undefined, null, 1, {}, Object.create(null)])(
  "the raw client refuses a path that is no text: %s",
  async (path) => {
    // What types keep out is what is tried.
    const raw = rawClient(connect()) as unknown as Record<"GET", (path: unknown, init?: null) => Promise<unknown>>;
    await expect(raw.GET(path)).rejects.toMatchObject({ code: "invalid_input" });
    await expect(raw.GET(path, null)).rejects.toMatchObject({ code: "invalid_input" });
    await expect((raw as Record<string, typeof raw.GET>).request?.(path)).rejects.toMatchObject({
      code: "invalid_input",
    });
  },
);

it.each(METHODS)("%s ends at once if its options inherit a signal that was aborted", async (method) => {
  const fake = createFakeOplead({ token: "t" });
  const oplead = createOplead({ token: "t", baseUrl: "http://fake.example", fetch: fake.fetch, settleMs: 0 });
  const options: object = Object.create({ signal: AbortSignal.abort("enough") });
  const args = {
    upsertUser: [user(1)],
    createUser: [user(1)],
    updateUser: ["1", user(1)],
    setRules: ["1", { maxDistance: 3 }],
  };
  const given: readonly unknown[] = { ...args, getCountry: ["FR"], listUserProfiles: [], listCountries: [] }[method];
  const call = oplead[method] as (...args: unknown[]) => Promise<unknown>;
  await expect(call(...given, options)).rejects.toMatchObject({ code: "aborted" });
  expect(fake.requests).toEqual([]);
});

it("an error that names a path does not contain an e-mail address", async () => {
  // A path written out is no path of the schema.
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

it.each([undefined, null, 1, "x", [], {}])("what is made with options says what is wrong with %j", async (odd) => {
  const given = odd as never;
  const made: (() => unknown)[] = [
    () => planSync(connect(), given),
    () => planSync(given, { source: [], map: () => null, ledger: memoryLedger() }),
    () => createUserWebhook(connect(), given),
    () => createUserWebhook(given, { verify: "none", map: () => null }),
    () => standardWebhooks(given),
    () => hmacSignature(given),
    () => stripeStyle(given),
    () => keyvLedger(given),
    () => rawClient(given),
  ];
  for (const make of made) {
    const code = /^invalid_(?:options|input)$/;
    await expect(async () => make()).rejects.toMatchObject({ code: expect.stringMatching(code) });
  }
});
