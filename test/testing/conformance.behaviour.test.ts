import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { DOCUMENT, makeRequestChecks } from "../../scripts/make-request-checks.ts";
import { operationNames, operationTable, templateOf } from "../../src/testing/api.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { findViolations } from "../../src/testing/strict.ts";
import { sized } from "../support/long-form.ts";
import { documented, problemsOfAnswer, problemsOfBody } from "./document.ts";
import { caller, head, region } from "./helpers.ts";

const document = readFileSync(DOCUMENT, "utf8");
const operations = operationNames.map((name) => ({
  name,
  method: operationTable[name].method,
  path: templateOf(name),
}));
const writes = operations.filter(({ method }) => method !== "GET");

it("the document and the fake have the same operations", () => {
  expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...documented].sort());
});

it("no checks of requests can be generated from a document that lacks an operation of the fake", async () => {
  const without = document.replace("/v1/types/countries:", "/v1/kinds/countries:");
  await expect(makeRequestChecks(without)).rejects.toThrow("The document has no GET /v1/types/countries");
});

const almostUser = fc
  .record({
    base: fc.constantFrom(head(), region(), head({ accountNumber: "NEW", login: "new" })),
    changes: fc.dictionary(
      fc.constantFrom(
        "civility",
        "firstname",
        "lastname",
        "login",
        "email",
        "phone",
        "mobile",
        "company",
        "accountNumber",
        "address",
        "profile",
        "parentUserIdentifier",
        "id",
        "nickname",
      ),
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom<unknown>(undefined, null, "", " ", 5, true, [], {}, "NET-1", 1.5, -0) },
        fc.string(),
        fc.jsonValue({ maxDepth: 2 }),
        fc.record({
          street: fc.jsonValue(),
          zipCode: fc.string(),
          city: fc.string(),
          country: fc.constant({ code: "FR" }),
        }),
        fc.record({ code: fc.constantFrom("PRF_NETWORK", "PRF_REGION", "") }, { requiredKeys: [] }),
      ),
      { maxKeys: 3 },
    ),
  })
  .map(({ base, changes }) => ({ ...base, ...changes }));

const code = fc.record(
  { code: fc.oneof(fc.constantFrom("RNG_A", "", "FR"), fc.jsonValue({ maxDepth: 0 })) },
  { requiredKeys: [] },
);
const almostRule = fc.oneof(
  fc.array(fc.oneof(code, fc.record({ range: code, requestType: code }, { requiredKeys: [] })), { maxLength: 3 }),
  fc.array(fc.constantFrom("pro", "single", "both", 1), { maxLength: 3 }),
  fc.record({ maxDistance: fc.oneof(fc.double(), fc.string(), fc.constant(null)) }),
  fc.record({
    handledCountries: fc.array(
      fc.record(
        {
          handledCountry: code,
          handledCounties: fc.array(
            fc.record(
              {
                handledCounty: fc.record({ number: fc.constantFrom<unknown>("01", 1, "") }, { requiredKeys: [] }),
                handledPostCodeZips: fc.array(fc.constantFrom<unknown>("01000", 1000, ""), { maxLength: 2 }),
              },
              { requiredKeys: [] },
            ),
            { maxLength: 2 },
          ),
        },
        { requiredKeys: [] },
      ),
      { maxLength: 2 },
    ),
  }),
);

const anyBody = fc.oneof(
  { weight: 6, arbitrary: almostUser as fc.Arbitrary<unknown> },
  { weight: 2, arbitrary: fc.constantFrom(head(), region()) },
  { weight: 3, arbitrary: almostRule },
  { weight: 1, arbitrary: fc.jsonValue() },
);

it.each(["digits", "numbers"] as const)(
  "every answer conforms to the document, whatever was sent (ids: %s)",
  async (ids) => {
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            operation: fc.constantFrom(...operations),
            name: fc.constantFrom("NET-1", "100001", "FR", "NOBODY"),
            body: anyBody,
          }),
          { minLength: 1, maxLength: 12 },
        ),
        async (requests) => {
          const fake = createFakeOplead({ users: [head()], ids });
          const call = caller(fake.fetch, "https://api.oplead.com");
          for (const { operation, name, body } of requests) {
            const path = operation.path.replace("*", name);
            const answer = await call(
              operation.method,
              path,
              operation.method === "GET" ? undefined : JSON.stringify(body),
            );
            expect(problemsOfAnswer({ method: operation.method, path }, answer), answer.text).toEqual([]);
            seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
          }
        },
      ),
      { numRuns: sized(50, 100) },
    );
    // Otherwise the checks above prove little.
    for (const status of [200, 201, 404, 409, 422]) expect(seen.get(status), String(status)).toBeGreaterThan(0);
  },
);

it("a strict fake finds exactly the violations that the document's own schemas find", () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...writes), anyBody, (operation, value) => {
      const text = JSON.stringify(value);
      const body = JSON.parse(text);
      const { method, name } = operation;
      const path = operation.path.replace("*", "NET-1");
      const headers = { "content-type": "application/json" };
      const found = findViolations({ method, path, operation: name, query: {}, headers, text, body });
      const plain = found.map(({ message }) => message.replace(/: pro, single$/, ""));
      expect(plain.sort()).toEqual(problemsOfBody({ method, path }, body).sort());
      if (found.length > 0) refused += 1;
    }),
    { numRuns: sized(100, 375) },
  );
  expect(refused).toBeGreaterThan(sized(10, 40));
});
