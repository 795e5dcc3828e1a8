import { expect, it } from "vitest";
import { csvSource, excelSource, jsonSource, restSource } from "../../../src/config/index.ts";

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

it("csvSource lists every wrong option with its path and code", () => {
  const wrong = {
    colums: ["ref"],
    columns: "ref",
    delimiter: "",
    encoding: "latin1",
    finalNewline: true,
    minAgeMs: -1,
  };
  expect(issuesOf(() => csvSource("dealers.csv", wrong as never))).toEqual([
    "columns not_list",
    "colums unknown_option",
    "delimiter empty",
    "encoding not_one_of",
    "finalNewline not_one_of",
    "minAgeMs not_number",
  ]);
  expect(issuesOf(() => csvSource("dealers.csv", { columns: ["ref", 7] } as never))).toEqual(["columns[1] not_text"]);
});

it("excelSource, and a source of the newest of several files, list every wrong option", () => {
  const wrong = { sheet: 1, headerRow: 0.5, columns: [7], delimiter: ";", minAgeMs: "1" };
  expect(issuesOf(() => excelSource("rh.xlsx", wrong as never))).toEqual([
    "columns[0] not_text",
    "delimiter unknown_option",
    "headerRow not_whole_number",
    "minAgeMs not_number",
    "sheet not_text",
  ]);
  const newest = { newest: "exports-*/rh.csv", maxAgeHours: 0, maxAge: 1 };
  for (const source of [csvSource, excelSource]) {
    expect(issuesOf(() => source(newest as never))).toEqual([
      "maxAge unknown_option",
      "maxAgeHours not_number",
      "newest not_pattern",
    ]);
  }
});

it("restSource lists every wrong option with its path and code", () => {
  const wrong = {
    url: "crm.example/users",
    item: "data",
    items: 7,
    next: "",
    headers: { authorization: undefined },
    timeoutMs: 0,
    fetch: 1,
  };
  expect(issuesOf(() => restSource(wrong as never))).toEqual([
    "fetch not_function",
    "headers not_headers",
    "item unknown_option",
    "items not_place",
    "next not_place",
    "timeoutMs not_number",
    "url not_http_address",
  ]);
});

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

it.each([null, 7, "text", [], () => ({})])("sources refuse %s as options", (value) => {
  expect(issuesOf(() => csvSource("a.csv", value as never))).toEqual([" not_object"]);
  expect(issuesOf(() => jsonSource("a.json", value as never))).toEqual([" not_object"]);
  expect(issuesOf(() => restSource(value as never))).toEqual([" not_object"]);
});

it("sources accept every option that the types allow, and undefined", () => {
  const nothing = { headers: undefined, timeoutMs: undefined, fetch: undefined, items: undefined };
  expect(issuesOf(() => csvSource("a.csv", { columns: undefined, delimiter: undefined, encoding: undefined }))).toEqual(
    [],
  );
  expect(issuesOf(() => csvSource(new URL("file:///a.csv"), { columns: ["ref"], delimiter: ";" }))).toEqual([]);
  expect(issuesOf(() => csvSource("a.csv", { columns: [] }))).toEqual([]);
  expect(issuesOf(() => jsonSource(new URL(url), nothing))).toEqual([]);
  expect(issuesOf(() => restSource({ url, ...nothing, next: undefined }))).toEqual([]);
  const functions = { items: () => [], next: () => null, headers: async () => ({}) };
  expect(issuesOf(() => restSource({ url, ...functions }))).toEqual([]);
});
