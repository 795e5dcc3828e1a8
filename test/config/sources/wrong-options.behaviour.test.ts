import { expect, it } from "vitest";
import { csvSource, jsonSource, restSource } from "../../../src/config/index.ts";

function issuesOf(call: () => unknown) {
  try {
    call();
  } catch (error) {
    const { code, issues } = error as { code: unknown; issues: readonly { path: string; code: string }[] };
    expect(code).toBe("invalid_options");
    return issues.map((issue) => `${issue.path} ${issue.code}`).sort();
  }
  return [];
}

const url = "https://crm.example/users";

it("jsonSource accepts the options for reading an address, and refuses the option `next`", () => {
  expect(issuesOf(() => jsonSource("users.json", { items: "data", timeoutMs: 1, headers: {}, fetch }))).toEqual([]);
  expect(issuesOf(() => jsonSource(url, { next: "links" } as never))).toEqual(["next unknown_option"]);
});

it.each([undefined, null, 7, "", "  ", {}, [], Symbol("x")])("a source refuses %s as a path or an address", (value) => {
  expect(issuesOf(() => csvSource(value as never))).toEqual(["file not_path"]);
  expect(issuesOf(() => jsonSource(value as never))).toEqual(["from not_path"]);
  expect(issuesOf(() => restSource({ url: value } as never))).toEqual(["url not_http_address"]);
});

it.each(["http://", "https://crm .example", "ftp://crm.example"])("restSource refuses %s as its address", (address) => {
  expect(issuesOf(() => restSource({ url: address }))).toEqual(["url not_http_address"]);
});

it("a source's address with a user name or password is refused, because no request may have one", () => {
  const address = "https://user:password@crm.example/users";
  expect(issuesOf(() => restSource({ url: address }))).toEqual(["url url_with_password"]);
  expect(issuesOf(() => jsonSource(address))).toEqual(["url url_with_password"]);
});
