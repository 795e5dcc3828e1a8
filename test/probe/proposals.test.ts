import { afterEach, expect, it } from "vitest";
import { createOplead } from "../../src/index.ts";
import { proposePlatform } from "../../src/probe/index.ts";
import { FOREIGN, type ForeignOptions, foreignPlatform } from "../support/foreign-platform.ts";

let close = async () => {};
afterEach(() => close());

async function proposed(kind?: ForeignOptions["kind"]) {
  const server = await foreignPlatform({ kind });
  close = server.close;
  const result = await proposePlatform(createOplead({ baseUrl: server.url, token: server.issue() }));
  return { server, ...result };
}

it("a probe proposes the fields and envelopes of a foreign platform, each with its evidence", async () => {
  const { server, lines } = await proposed();
  const found = Object.fromEntries(lines.map(({ line, value }) => [line, value]));
  const { fields, envelope } = FOREIGN;
  const ofUsers = Object.entries(fields).filter(
    ([field]) => !/^(?:geographical|maxDistance|competences|contact)/.test(field),
  );
  expect(found).toEqual({
    ...Object.fromEntries(ofUsers.map(([field, place]) => [`fields.${field}`, place])),
    "envelope.item": envelope.item,
    "envelope.list": envelope.list,
  });
  expect(lines.find(({ line }) => line === "fields.lastname")).toEqual({
    line: "fields.lastname",
    value: "last_name",
    isSure: true,
    evidence: "POST /v1/users?test=true (422)",
  });
  expect(server.users).toEqual([]);
  expect(server.requests.filter(({ method }) => method !== "GET").every(({ isTest }) => isTest)).toBe(true);
});

it("a platform that ignores test mode gets nothing that it could write", async () => {
  const { server } = await proposed("ignores test=true");
  expect(server.users).toEqual([]);
});

it("a platform that accepts a user without fields gets one request", async () => {
  const { server, takesAnything } = await proposed("accepts everything");
  expect([takesAnything, server.requests.length]).toEqual([true, 1]);
});
