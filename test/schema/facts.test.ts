import { expect, it } from "vitest";
import { readFacts } from "../../scripts/schema/facts.ts";
import { type Loose, published } from "./documents.ts";

const read = (change: (document: Loose) => void) => {
  const document = published();
  change(document);
  return readFacts(document);
};

const user = (document: Loose) => document.components.schemas.User.allOf[1];

it.each<[string, unknown, (document: Loose) => void]>([
  ["http bearer", "bearer", () => {}],
  ["OAuth 2", "bearer", (one) => scheme(one, { type: "oauth2", flows: {} })],
  [
    "an API key called Authorization",
    "bearer",
    (one) => scheme(one, { type: "apiKey", in: "header", name: "authorization" }),
  ],
  [
    "an API key in a header",
    { header: "X-KEY" },
    (one) => scheme(one, { type: "apiKey", in: "header", name: "X-KEY" }),
  ],
  ["no scheme at all", "bearer", (one) => void delete one.components.securitySchemes],
  [
    "the scheme that the operation asks for",
    { header: "X-KEY" },
    (one) => {
      one.components.securitySchemes.key = { type: "apiKey", in: "header", name: "X-KEY" };
      one.paths["/v1/users"].post.security = [{ key: [] }];
    },
  ],
])("the header of the token is read from %s", (_what, auth, change) => {
  expect(read(change)).toMatchObject({ facts: { auth }, problems: [] });
});

function scheme(document: Loose, token: Loose) {
  document.components.securitySchemes = { token };
}

it.each([
  ["a query parameter", { type: "apiKey", in: "query", name: "key" }, /the query parameter "key"/],
  ["a cookie", { type: "apiKey", in: "cookie", name: "sid" }, /the cookie parameter "sid"/],
  ["HTTP basic", { type: "http", scheme: "basic" }, /HTTP basic/],
  ["a header of the connection", { type: "apiKey", in: "header", name: "Host" }, /the header "Host"/],
])("a token that travels as %s is reported as a problem, and the fact `auth` stays bearer", (_what, token, words) => {
  const { facts, problems } = read((one) => scheme(one, token));
  expect(facts.auth).toBe("bearer");
  expect(problems.join()).toMatch(words);
});

it.each<[string, string, (document: Loose) => void]>([
  ["id", "id", () => {}],
  ["the one field whose name resembles an id", "identifier", (one) => rename(user(one).properties, "identifier")],
  [
    "an object inside the answer",
    "data.id",
    (one) => {
      const { content } = one.paths["/v1/users"].post.responses["201"];
      const { schema } = content["application/json"];
      content["application/json"] = { schema: { allOf: [{ type: "object", properties: { data: schema } }] } };
    },
  ],
])("the document shows where in an answer the Oplead ID is: %s", (_what, idField, change) => {
  expect(read(change)).toMatchObject({ facts: { idField }, problems: [] });
});

function rename(properties: Loose, name: string) {
  properties[name] = properties.id;
  delete properties.id;
}

it.each([
  ["test", "test"],
  ["isTest", "isTest"],
  ["dryRun", "dryRun"],
  ["verbose", "test"],
])(
  "if the document calls its query parameter %s, the learned name of the parameter for test mode is %s",
  (name, testParameter) => {
    const { facts } = read((one) => {
      one.components.parameters.test.name = name;
    });
    expect(facts.testParameter).toBe(testParameter);
  },
);

it("lists are found inside the objects that answers wrap them in", () => {
  const { facts } = read((one) => {
    for (const path of ["/v1/types/countries", "/v1/types/country/{code}"]) {
      const content = one.paths[path].get.responses["200"].content["application/json"];
      content.schema = { type: "object", properties: { meta: { type: "object" }, result: content.schema } };
    }
  });
  expect(facts.places).toEqual({ profiles: "", countries: "result", country: "result" });
});
