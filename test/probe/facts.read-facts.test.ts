import { expect, it } from "vitest";
import { probePlatform, readFacts } from "../../src/probe/index.ts";
import { connect } from "../support/servers.ts";
import { standIn } from "../support/stand-in.ts";

it("a file of facts is read as it was written", async () => {
  const { url } = await standIn({});
  const facts = await probePlatform(connect(url), { lagMs: 0 });
  expect(readFacts(JSON.stringify(facts))).toEqual(JSON.parse(JSON.stringify(facts)));
});

it("facts that an older version did not write are undecided, and facts of a newer one are ignored", () => {
  const auth = { verdict: "confirmed", value: "bearer", evidence: [] };
  const file = { version: 2, baseUrl: "https://api.oplead.com", facts: { auth, weather: auth } };
  const { facts } = readFacts(file);
  expect(facts.auth).toEqual(auth);
  expect(facts.idField).toMatchObject({ verdict: "undecided", value: null });
  expect(Object.keys(facts)).toHaveLength(24);
  expect(facts).not.toHaveProperty("weather");
});

it("values that no probe writes are refused, all of them with their paths", () => {
  const refuted = (value: unknown) => ({ verdict: "refuted", value, evidence: [] });
  const facts = {
    auth: refuted("bearer"),
    idField: "id",
    idType: { verdict: "sure", value: "uuid", evidence: [] },
    notFoundForm: refuted("xml"),
    refusesDuplicates: refuted("no"),
    duplicateStatus: refuted("409"),
    errorFields: refuted("errors"),
    identifierCase: refuted(true),
    "rules.maxDistance": refuted("off"),
    readLagMs: { verdict: "confirmed", value: 0 },
  };
  const { auth: _right, ...wrong } = facts;
  const paths = Object.keys(wrong).map((name) => expect.objectContaining({ path: `facts.${name}` }));
  expect(() => readFacts({ version: 2, baseUrl: "https://api.oplead.com", facts })).toThrowError(
    expect.objectContaining({ code: "invalid_input", issues: expect.arrayContaining(paths) }),
  );
});

it.each([
  ["no JSON", "{"],
  ["another version", { version: 1, baseUrl: "https://api.oplead.com", facts: {} }],
  ["nothing", undefined],
])("%s is refused as a file of facts", (_what, content) => {
  expect(() => readFacts(content)).toThrowError(expect.objectContaining({ code: "invalid_input" }));
});
