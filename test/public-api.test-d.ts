import { pino } from "pino";
import { describe, expectTypeOf, test } from "vitest";
import {
  type CallOptions,
  createOplead,
  type Oplead,
  type OpleadIssue,
  type OpleadLogger,
  pinoLogger,
  ruleSchemas,
  type StandardSchema,
  type UserFields,
  userSchema,
} from "../src/index.ts";
import { type RawClient, rawClient } from "../src/raw.ts";
import { textOf } from "../src/text.ts";

declare const oplead: Oplead;
const user = {
  accountNumber: "ACC-1",
  civility: "Mme",
  lastname: "Martin",
  login: "martin",
  email: "martin@dealers.example",
  profile: { code: "PRF" },
  address: { zipCode: "01000", city: "Bourg", country: { code: "FR" } },
};

describe("createOplead", () => {
  test("createOplead takes the file that oplead probe writes, as TypeScript imports it", () => {
    const found = { verdict: "refuted", value: "uuid", evidence: [] as unknown[] };
    const facts = { version: 2, baseUrl: "https://api.oplead.com", facts: { idField: found } };
    createOplead({ platform: { name: String("acme"), auth: String("bearer"), facts } });
  });

  test("the compiler refuses a logger of pino, and the refused type says how to wrap the logger", () => {
    type Message = Exclude<OpleadLogger["bindings"], undefined>;
    expectTypeOf<Message>().toEqualTypeOf<"This is pino, which would drop the fields. Wrap it: pinoLogger(pino())">();
    // @ts-expect-error pino takes the fields before the text
    createOplead({ logger: pino() });
    createOplead({ logger: pinoLogger(pino()) });
  });
});

describe("a user", () => {
  test("userSchema is a Standard Schema", () => {
    expectTypeOf(userSchema).toEqualTypeOf<StandardSchema<UserFields>>();
  });

  test("the issues of userSchema and ruleSchemas have code and parameters, typed by the code", () => {
    for (const schema of [userSchema, ruleSchemas.maxDistance]) {
      for (const issue of schema["~standard"].validate(user as never).issues ?? []) {
        expectTypeOf(issue.code).toEqualTypeOf<OpleadIssue["code"]>();
        if (issue.code === "not_number") expectTypeOf(issue.parameters.max).toBeNumber();
        expectTypeOf(textOf(issue, { language: "fr" })).toBeString();
      }
    }
    // @ts-expect-error there are two languages
    textOf({ code: "required", message: "is required" }, { language: "de" });
  });
});

describe("results", () => {});

describe("calls", () => {
  test("the methods of a client take their own options", () => {
    const call: CallOptions = { signal: new AbortController().signal, timeoutMs: 1, deadlineMs: 2, testMode: true };
    oplead.listCountries(call);
    oplead.updateUser("ACC-1", user, { ...call, headers: { "x-trace": "1" } });
    // @ts-expect-error an id is text here: results give it as text
    oplead.upsertUser(user, { id: 42 });
    // @ts-expect-error not an option of a call
    oplead.createUser(user, { rules: {} });
  });
});

describe("errors", () => {
  test("the code of an issue types its parameters", () => {
    const details = (issue: OpleadIssue): number | string | undefined => {
      if (issue.code === "not_number") return issue.parameters.max;
      if (issue.code === "similar_field") return issue.parameters.similar;
      // @ts-expect-error this issue has no such parameter
      if (issue.code === "required") return issue.parameters.max.toFixed();
      return issue.message;
    };
    expectTypeOf(details).parameter(0).toEqualTypeOf<OpleadIssue>();
  });
});

describe("the raw client", () => {
  test("the raw client is typed by the schema", () => {
    const raw = rawClient(oplead);
    expectTypeOf(raw).toEqualTypeOf<RawClient>();
    raw.GET("/v1/types/country/{code}", { params: { path: { code: "FR" } } });
    // @ts-expect-error no such path
    raw.GET("/v1/nothing");
    // @ts-expect-error the path needs its code
    raw.GET("/v1/types/country/{code}", {});
    // @ts-expect-error a misspelt option
    raw.GET("/v1/types/countries", { parseas: "text" });
    // @ts-expect-error there is no POST for this path
    raw.POST("/v1/types/countries");
  });

  test("the answers of the raw client are typed by the schema and by parseAs", async () => {
    const raw = rawClient(oplead);
    const countries = await raw.GET("/v1/types/countries");
    if (countries.error === undefined) expectTypeOf(countries.data).toExtend<object>();
    const asText = await raw.GET("/v1/types/countries", { parseAs: "text" });
    expectTypeOf(asText.data).toEqualTypeOf<string | undefined>();
    const asked = await raw.request("get", "/v1/types/country/{code}", { params: { path: { code: "FR" } } });
    expectTypeOf(asked.data).not.toBeAny();
  });

  test("the raw client can be typed by the paths of a different OpenAPI document", async () => {
    interface Mine {
      "/v1/leads": {
        get: {
          parameters: { query: { since: string } };
          requestBody?: never;
          responses: {
            200: { content: { "application/json": { id: number }[] } };
            404: { content: { "application/json": { message: string } } };
          };
        };
        put?: never;
      };
      "/v1/notes": {
        post: {
          parameters: { query?: never; path?: never };
          requestBody?: { content: { "application/json": { text: string } } };
          responses: { 204: { content?: never } };
        };
      };
    }
    const raw = rawClient<Mine>(oplead);
    const { data, error } = await raw.GET("/v1/leads", { params: { query: { since: "2026-01-01" } } });
    expectTypeOf(data).toEqualTypeOf<{ id: number }[] | undefined>();
    expectTypeOf(error).toEqualTypeOf<{ message: string } | string | undefined>();
    // @ts-expect-error the query needs since
    raw.GET("/v1/leads");
    // @ts-expect-error the document has no PUT for this path
    raw.PUT("/v1/leads");
    // @ts-expect-error a path of the package's own document
    raw.GET("/v1/types/countries");
    const note = await raw.POST("/v1/notes");
    expectTypeOf(note.data).toEqualTypeOf<undefined>();
    raw.POST("/v1/notes", { body: { text: "x" } });
    // @ts-expect-error another body
    raw.POST("/v1/notes", { body: { txt: "x" } });
  });
});
