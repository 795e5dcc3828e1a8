import { expect, it } from "vitest";
import { errorOf, readAnswer, requestIdOf } from "../../src/transport/answer.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const CALL = { operation: "updateUser", testMode: false, requests: 2 };

function answer(status: number, text = "", headers: Record<string, string> = {}) {
  return readAnswer({ status, text, headers: new Headers(headers) }, NOW);
}
const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  answer(status, JSON.stringify(body), { "content-type": "application/json", ...headers });

it.each([
  ["Application/JSON; charset=utf-8", { id: 1 }],
  ["application/hal+json", { id: 1 }],
  ["text/jsonlines", undefined],
  ["application/xjson", undefined],
  ["application/xml", undefined],
])("the body of an answer of type %s is read as JSON only if the type says JSON", (type, data) => {
  expect(answer(200, '{"id":1}', { "content-type": type }).data).toEqual(data);
});

it.each([
  ["text/html; charset=utf-8", "is text/html"],
  [" text/html ;x", "is text/html"],
  ["text/html (old)", "is something else"],
  ["<b>text/html", "is something else"],
  [`a/${"b".repeat(58)}`, `is a/${"b".repeat(58)}`],
  [`a/${"b".repeat(59)}`, "is something else"],
  [";text/html", "is something else"],
])("the error for an answer of type %j, which is not JSON, names only a short, well-formed type", (type, says) => {
  expect(answer(200, "text", { "content-type": type }).unreadable).toBe(says);
});

it("a body of JSON counts as Oplead's own if it is an object or a list, and else does not", () => {
  expect([{}, [], "text", 7, null, true].map((body) => json(400, body).isOpleads)).toEqual([
    ...[true, true],
    ...[false, false, false, false],
  ]);
});

it("a success asks for no pause, and a failure asks for the pause in its header", () => {
  const headers = { "retry-after": "3" };
  expect([200, 399, 400, 503].map((status) => json(status, {}, headers).retryAfterMs)).toEqual([
    ...[undefined, undefined],
    ...[3_000, 3_000],
  ]);
});

it("an error has a pause only if the same request may succeed after the pause", () => {
  const wait = (status: number) => errorOf(json(status, {}, { "retry-after": "3" }), CALL)?.retryAfterMs;
  expect([400, 408, 429, 501, 503].map(wait)).toEqual([undefined, 3_000, 3_000, undefined, 3_000]);
  expect(errorOf(json(429, {}, { "retry-after": "3" }), CALL)?.message).toContain("It asks to wait 3 s.");
  expect(errorOf(json(429, {}), CALL)?.message).not.toContain("asks to wait");
});

it("the id of a request is taken from the most usual header that has a value", () => {
  const names = ["x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray"];
  for (const [index, name] of names.entries()) {
    const headers = Object.fromEntries(names.slice(index).map((each) => [each, each]));
    expect(requestIdOf(new Headers(headers))).toBe(name);
  }
  expect(requestIdOf(new Headers({ "x-request-id": "", "cf-ray": "8a-CDG" }))).toBe("8a-CDG");
});

it.each([
  ["a".repeat(200), true],
  ["a".repeat(201), false],
  ["Root=1-67891233-abc", true],
  ["a b", false],
  ["<a", false],
  ["a>", false],
])("the value %j of a header is an id of a request only if it is short, without space or bracket", (value, isTaken) => {
  expect(requestIdOf({ get: (name) => (name === "request-id" ? value : null), forEach: () => {} })).toBe(
    isTaken ? value : undefined,
  );
});

it("a refusal without JSON counts as Oplead's own if the caller has found out that Oplead gave it", () => {
  const found = { ...answer(404), vouched: true };
  expect(errorOf(found, CALL)).toMatchObject({ code: "not_found", fromOplead: true, retryable: false });
});

it("a proxy's 408, 425 and 429 keep their meaning, because any server means the same by them", () => {
  expect([408, 425, 429].map((status) => errorOf(answer(status), CALL)?.code)).toEqual([
    "refused",
    "refused",
    "rate_limited",
  ]);
});

it("the error for a proxy's 407 names the variable that holds the login", () => {
  expect(errorOf(answer(407), CALL)?.message).toContain("a proxy wants a login: HTTPS_PROXY=");
});

it.each([
  ["nginx/1.27.0 (Ubuntu)", 'from the server "nginx/1.27.0 (Ubuntu)"'],
  ["", "the answer is empty"],
  ["a".repeat(61), "the answer is empty"],
  ["<b>", "the answer is empty"],
  ["nginx<b>", "the answer is empty"],
])("a server that calls itself %j is named only if its name is short and has no characters of HTML", (server, says) => {
  expect(errorOf(answer(403, "", { server }), CALL)?.message).toContain(says);
});

it("the error of a refusal names the fields that Oplead complains about, and no other words", () => {
  const body = { errors: { email: ["Jean is taken"], login: ["x"] } };
  for (const status of [409, 422]) {
    const { message } = errorOf(json(status, body), CALL) ?? { message: "" };
    expect(message).toContain("It names: email, login.");
    expect(message).not.toContain("Jean");
    expect(errorOf(json(status, {}), CALL)?.message).not.toContain("It names");
  }
});

it("the error for a 404 says that the path does not exist after a POST, and after no other", () => {
  const request = { host: "api.example", url: "https://api.example/v1/users" };
  const messageAfter = (method: string) =>
    errorOf(json(404, {}), { ...CALL, request: { ...request, method } })?.message;
  expect(messageAfter("POST")).toContain("no such path at api.example");
  expect(messageAfter("PUT")).toContain("does not know this");
  expect(errorOf(json(404, {}), CALL)?.message).toContain("does not know this");
});
