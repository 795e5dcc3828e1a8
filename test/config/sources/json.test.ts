import { join } from "node:path";
import { expect, it } from "vitest";
import { jsonSource } from "../../../src/config/index.ts";
import { folderWith, listOf } from "../../support/folder.ts";
import { pages } from "./pages.ts";

it("jsonSource gives the records of a file that is a list, with or without a byte order mark", async () => {
  const folder = await folderWith({ "a.json": '[{"ref":1}]', "b.json": '\ufeff[{"ref":1}]' });
  expect(await listOf(jsonSource(join(folder, "a.json"))())).toEqual([{ ref: 1 }]);
  expect(await listOf(jsonSource(join(folder, "b.json"))())).toEqual([{ ref: 1 }]);
});

it("jsonSource finds the list at a path with dots, or by a function", async () => {
  const folder = await folderWith({ "a.json": '{"data":{"users":[1,2]}}' });
  const file = join(folder, "a.json");
  expect(await listOf(jsonSource(file, { items: "data.users" })())).toEqual([1, 2]);
  expect(await listOf(jsonSource(file, { items: (body: { data: { users: number[] } }) => body.data.users })())).toEqual(
    [1, 2],
  );
});

it("jsonSource reads one record from each line of a .jsonl file and leaves out blank lines", async () => {
  const folder = await folderWith({ "a.jsonl": '{"ref":1}\r\n\r\n{"ref":2}\r\n' });
  expect(await listOf(jsonSource(join(folder, "a.jsonl"))())).toEqual([{ ref: 1 }, { ref: 2 }]);
});

it.each([
  ["the file is not a list, and in which field there is one", "a.json", '{"users":[]}', 'there are lists at "users"'],
  ["the file is not JSON, without quoting it", "a.json", '[{"name": "Petit"', "a.json: the file is not JSON"],
  ["a line is not JSON", "a.jsonl", '{"ref":1}\n{"name": Petit}', "a.jsonl: line 2 is not JSON"],
])("source_failed says that %s", async (_what, name, content, message) => {
  const folder = await folderWith({ [name]: content });
  const error = await listOf(jsonSource(join(folder, name))()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "source_failed", message: expect.stringContaining(message) });
  expect(String((error as Error).cause ?? "")).not.toContain("Petit");
});

it("jsonSource sends the given headers, and keeps the query of the address out of messages", async () => {
  const server = await pages({ "/users?key=secret": { body: { users: [1] } } });
  const source = jsonSource(`${server.url}/users?key=secret`, {
    items: "users",
    headers: { authorization: "Bearer s" },
  });
  expect(await listOf(source())).toEqual([1]);
  expect(server.requests).toMatchObject([{ url: "/users?key=secret", authorization: "Bearer s" }]);
  expect(source.title).toBe(`${server.url}/users`);
});

const ID = "9007199254740993";

it("an id too large for a number is read with every digit, in .json, in .jsonl and in an answer", async () => {
  const list = `[{"id":${ID},"text":"${ID}","n":1}]`;
  const folder = await folderWith({ "a.json": list, "a.jsonl": list.slice(1, -1) });
  const { url } = await pages({ "/users": { body: list } });
  for (const from of [join(folder, "a.json"), join(folder, "a.jsonl"), `${url}/users`])
    expect(await listOf(jsonSource(from)())).toEqual([{ id: ID, text: ID, n: 1 }]);
});

const accents = '[{"name":"L\u00e9o"}]';
const latin = Buffer.from(accents, "latin1");

it("the content type of an answer, or the option encoding, decides the answer's encoding", async () => {
  const of = (charset: string, body: unknown) => ({
    headers: { "content-type": `application/json${charset}` },
    body,
  });
  const { url } = await pages({
    "/1": of("; charset=iso-8859-1", latin),
    "/2": of(';charset="Windows-1252"', latin),
    "/3": of("; charset=utf-8", accents),
    "/4": of("; charset=utf-16", Buffer.from(`\ufeff${accents}`, "utf16le")),
    "/5": of("", `\ufeff${accents}`),
    "/6": of("", latin),
    "/7": of("; charset=ebcdic", latin),
    "/8": of("; charset='utf-8'", accents),
    "/9": of("; charset=iso-8859-15", accents),
  });
  for (const path of ["/1", "/2", "/3", "/4", "/5", "/8", "/9"])
    expect([path, await listOf(jsonSource(`${url}${path}`)())]).toEqual([path, [{ name: "Léo" }]]);
  await expect(listOf(jsonSource(`${url}/6`)())).rejects.toMatchObject({
    code: "source_failed",
    issues: [{ code: "strange_byte", parameters: { line: 1, column: 12, encoding: "utf-8" } }],
  });
  await expect(listOf(jsonSource(`${url}/7`)())).rejects.toThrow('"ebcdic", which is not known');
  for (const path of ["/6", "/7"])
    expect(await listOf(jsonSource(`${url}${path}`, { encoding: "windows-1252" })())).toEqual([{ name: "Léo" }]);
});
