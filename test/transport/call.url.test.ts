import fc from "fast-check";
import { expect, it } from "vitest";
import { OpleadError } from "../../src/core/errors.ts";
import { checkUrl, fillPath, shownPath, withTestMode } from "../../src/transport/call.ts";

const BASE = "https://api.oplead.com";
const TEMPLATE = "/v1/users/{userIdentification}/rule/geographical";
const fill = (value: unknown) => fillPath(TEMPLATE, { userIdentification: value });

it.each([
  "",
  " ",
  "\t\n",
  ".",
  "..",
  "%2e",
  "%2E%2e",
  ".%2e",
  undefined,
  null,
  {},
  [],
  true,
  Number.NaN,
  1.5,
  "\ud800",
])("fillPath refuses %j before anything is sent", (value) => {
  expect(() => fill(value)).toThrow(OpleadError);
  expect(() => fill(value)).toThrow(/userIdentification: /);
});

it("one error of fillPath names all values that are wrong", () => {
  expect(() => fillPath("/v1/{a}/{b}/{c}", { a: "", b: "fine", c: ".." })).toThrow(
    /a: must not be empty[\s\S]*c: must not be/,
  );
});

it("fillPath keeps any text inside one segment of the path", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (value) => {
      fc.pre(value.trim() !== "" && !/^(?:\.|%2e){1,2}$/i.test(value) && value.isWellFormed());
      const url = new URL(BASE + fill(value));
      const segments = url.pathname.split("/");
      expect(segments).toHaveLength(6);
      expect(decodeURIComponent(segments[3] ?? "")).toBe(value);
      expect([segments[2], segments[4], segments[5]]).toEqual(["users", "rule", "geographical"]);
      expect(url.search + url.hash).toBe("");
      expect(() => checkUrl(BASE + fill(value), BASE)).not.toThrow();
    }),
  );
});

it.each([
  `${BASE}/v1/users`,
  `${BASE}/v1/users/ACC-1?test=true`,
  `${BASE}/v1/users/a%2Fb`,
  `${BASE}/v1/x?next=../..//{}`,
])("checkUrl lets %s through", (url) => expect(() => checkUrl(url, BASE)).not.toThrow());

it("withTestMode removes parameters that PHP would read as the parameter `test`", () => {
  for (const alias of ["test[]=false", "test[a]=1", "%20test=false", "test%00=false", "test%5B%5D=0", "test[=0"]) {
    const marked = `${BASE}/v1/users?a=1&test=true`;
    expect(withTestMode(`${BASE}/v1/users?a=1&${alias}`, "PUT", "test")).toBe(marked);
    expect(withTestMode(`${BASE}/v1/users?a=1&test=false&${alias}`, "PUT", "test")).toBe(marked);
  }
  expect(withTestMode(`${BASE}/v1/users?testing=1`, "PUT", "test")).toBe(`${BASE}/v1/users?testing=1&test=true`);
});

it.each([
  ["/v1/users/ACC-1", "/v1/users/ACC-1"],
  ["/v1/users/ACC-1?name=jean", "/v1/users/ACC-1"],
  ["/v1/users/ACC-1#jean", "/v1/users/ACC-1"],
  ["/v1/users/a%2Fb", "/v1/users/a%2Fb"],
  ["/v1/users/jean@dealers.example/rule", "/v1/users/[not shown]/rule"],
  ["/v1/users/jean%40dealers.example", "/v1/users/[not shown]"],
  ["/v1/users/a%20b", "/v1/users/[not shown]"],
  ["/v1/users/%E0%A4%A", "/v1/users/%E0%A4%A"],
  ["/v1/users/%E0%40", "/v1/users/[not shown]"],
])("shownPath shows %s as %s, without what may be personal", (path, shown) => {
  expect(shownPath(`${BASE}${path}`)).toBe(shown);
});

it("shownPath shows the path of a base URL with a port", () => {
  expect(shownPath("http://127.0.0.1:8080/api/v1/users")).toBe("/api/v1/users");
});

it("checkUrl accepts URLs below the path of the base URL, and refuses that path itself", () => {
  const base = "https://gateway.example/oplead";
  expect(() => checkUrl(`${base}/v1/users`, base)).not.toThrow();
  expect(() => checkUrl(`${base}-other/v1/users`, base)).toThrow("outside");
  expect(() => checkUrl(base, base)).toThrow("outside");
  expect(() => checkUrl(`${BASE}/v1//x`, BASE)).toThrow("relative part");
});
