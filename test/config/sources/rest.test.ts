import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { clientCredentials, jsonSource, restSource } from "../../../src/config/index.ts";
import { failureOf } from "../../support/failure.ts";
import { listOf } from "../../support/folder.ts";
import { json, serve } from "../../support/servers.ts";
import { pages } from "./pages.ts";

it("restSource finds the next address at the path `next`, and ends at a page without one", async () => {
  const server = await pages({
    "/users": { body: { data: [1, 2], links: { next: "/users?page=2" } } },
    "/users?page=2": { body: { data: [3], links: { next: null } } },
  });
  const source = restSource({ url: `${server.url}/users`, items: "data", next: "links.next" });
  expect(await listOf(source())).toEqual([1, 2, 3]);
});

it("restSource follows the header Link with rel=next by default", async () => {
  const link = '<https://elsewhere.example/help>; rel="help", <?page=2>; rel="next"; title="a, b"';
  const server = await pages({ "/u": { headers: { link }, body: [1] }, "/u?page=2": { body: [2] } });
  expect(await listOf(restSource({ url: `${server.url}/u` })())).toEqual([1, 2]);
});

it("restSource can ask a function for the next address, from the page, its headers and address", async () => {
  const server = await pages({ "/u?c=0": { body: { items: ["a"], c: 7 } }, "/u?c=7": { body: { items: ["b"] } } });
  const next = (page: { c?: number }, headers: Headers, url: string) =>
    page.c === undefined || !headers.has("content-type") ? null : url.replace(/c=\d+/, `c=${page.c}`);
  expect(await listOf(restSource({ url: `${server.url}/u?c=0`, items: "items", next })())).toEqual(["a", "b"]);
});

it("restSource fetches a page only once its reader has taken all records of the page before it", async () => {
  const server = await pages({ "/u": { headers: { link: '<?page=2>; rel="next"' }, body: [1, 2] } });
  for await (const _record of restSource({ url: `${server.url}/u` })()) break;
  expect(server.requests).toHaveLength(1);
});

it("restSource asks a function for the headers before each page, so that a token can be renewed", async () => {
  const server = await pages({
    "/u": { headers: { link: '<?page=2>; rel="next"' }, body: [1] },
    "/u?page=2": { body: [2] },
  });
  let count = 0;
  const headers = async () => {
    count += 1;
    return { authorization: `token ${count}` };
  };
  await listOf(restSource({ url: `${server.url}/u`, headers })());
  expect(server.requests.map(({ authorization }) => authorization)).toEqual(["token 1", "token 2"]);
});

it("restSource repeats a request that was answered 503 or 429, after the pause that the answer asks for", async () => {
  const server = await pages({
    "/u": [
      { status: 503, headers: { "retry-after": "0" } },
      { status: 429, headers: { "retry-after": "0" } },
      { body: [1] },
    ],
  });
  expect(await listOf(restSource({ url: `${server.url}/u` })())).toEqual([1]);
  expect(server.requests).toHaveLength(3);
});

it("restSource sends no headers over plain http to another machine unless that is allowed", () => {
  const headers = { authorization: "secret" };
  const url = "http://hr.example/users";
  expect(() => restSource({ url, headers })).toThrow(/url: is plain http to another machine/);
  expect(() => jsonSource(url, { headers: () => headers })).toThrow(/url: is plain http to another machine/);
  restSource({ url });
  restSource({ url, headers, allowHttp: true });
  jsonSource(url, { headers, allowHttp: true });
  restSource({ url: "https://hr.example/users", headers });
  restSource({ url: "http://localhost:1/users", headers });
});

it("restSource fails with a retryable error if it gets fewer records than the pages' smallest total", async () => {
  const server = await pages({
    "/u": { body: { data: [1, 2], meta: { total: "4" }, next: "/u?2" } },
    "/u?2": { body: { data: [3], meta: { total: 3 } } },
  });
  const options = { url: `${server.url}/u`, items: "data", total: "meta.total" };
  expect(await listOf(restSource({ ...options, next: "next" })())).toEqual([1, 2, 3]);
  const error = await failureOf(listOf(restSource({ ...options, next: "nxt" })()));
  expect(error).toMatchObject({ code: "source_failed", retryable: true });
  expect(error.message).toMatch(/: 2 of 4 records came/);
  const elsewhere = restSource({ ...options, total: "count", next: "next" });
  expect((await failureOf(listOf(elsewhere()))).message).toMatch(/no page has a number/);
});

it("printing a source does not show its headers", () => {
  const source = restSource({ url: "https://hr.example/users", headers: { authorization: "hush" } });
  expect(inspect(source, { depth: 9 })).not.toContain("hush");
});

it("a programming mistake in a source's fetch ends the reading at once, and is the error's cause", async () => {
  const mistake = new TypeError("Cannot read properties of undefined");
  let asked = 0;
  const fetch = async () => {
    asked += 1;
    throw mistake;
  };
  const error = await failureOf(listOf(restSource({ url: "http://127.0.0.1:1/u", fetch })()));
  expect(error).toMatchObject({ code: "source_failed", retryable: false });
  expect(error.message).toMatch(/its fetch failed \(TypeError\)/);
  expect(error.thrown).toBe(mistake);
  expect(asked).toBe(1);
});

it.each([
  [404, false],
  [503, true],
])("restSource fails if each answer has the status %i, and the error is retryable: %s", async (status, retryable) => {
  const server = await pages({ "/u": Array(4).fill({ status, headers: { "retry-after": "0" } }) });
  expect(await failureOf(listOf(restSource({ url: `${server.url}/u` })()))).toMatchObject({ retryable });
});

it.each([
  ["never end", Number.POSITIVE_INFINITY, 0],
  ["end", 100, 1],
  ["end, with a record after each 99 of them", 350, 3],
])(
  "restSource reads on after empty pages, and gives up after a hundred in a row (the empty pages %s)",
  async (what, last, rows) => {
    const server = await serve((response, _request, nth) => {
      const hasRow = last === 350 ? nth % 100 === 0 : nth === last;
      json(response, 200, { items: hasRow ? [nth] : [], next: nth === last ? null : `?cursor=${nth}` });
    });
    const read = listOf(restSource({ url: `${server.url}/u`, items: "items", next: "next" })());
    if (what !== "never end") expect(await read).toHaveLength(rows);
    else {
      expect(await failureOf(read)).toMatchObject({
        code: "source_failed",
        message: expect.stringContaining("100 pages in a row have no record"),
      });
      expect(server.seen).toHaveLength(100);
    }
  },
);

it.each(["http://[", "https://user:password@hr.example/u?page=2"])(
  "if a page names %s as the next one, the error of restSource says what is wrong",
  async (next) => {
    const fetch = async () => Response.json({ items: [1], next });
    const source = restSource({ url: "https://hr.example/u", items: "items", next: "next", fetch });
    const error = await failureOf(listOf(source()));
    expect(error).toMatchObject({ code: "source_failed", issues: [{ code: "next_unusable" }] });
    expect(error.message).not.toContain("password@");
  },
);

it("an answer of the source or of the token endpoint that unpacks to more than 256 MiB is refused, once", async () => {
  const member = gzipSync(Buffer.alloc(2 ** 24, "["), { level: 1 });
  const bomb = Buffer.concat(Array<Buffer>(17).fill(member));
  const server = await serve((response) => {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    response.end(bomb);
  });
  const auth = clientCredentials({ tokenUrl: `${server.url}/token`, clientId: "a", clientSecret: "b" });
  for (const read of [() => listOf(restSource({ url: `${server.url}/u` })()), auth]) {
    expect(await failureOf(read())).toMatchObject({
      code: "source_failed",
      retryable: false,
      issues: [{ code: "answer_too_large", parameters: { mebibytes: 256 } }],
    });
  }
  expect(server.seen).toHaveLength(2);
});

it.each([
  ["a page leads back to one before it", { headers: { link: '</u>; rel="next"' }, body: [1] }, /leads back/],
  [
    "the next page is on another origin",
    { headers: { link: '<http://other.example/u>; rel="next"' }, body: [1] },
    /another origin/,
  ],
  ["the headers were not accepted", { status: 401 }, /answered 401: check the headers/],
  ["the answer is not JSON", { body: "<html>" }, /not JSON/],
  ["the request was redirected", { status: 302, headers: { location: "/login" } }, /redirect/],
  [
    "the answer asks for a longer pause than a run waits",
    { status: 429, headers: { "retry-after": "3600" } },
    /answered 429/,
  ],
])("source_failed says that %s", async (_what, page, message) => {
  const server = await pages({ "/u": page });
  await expect(listOf(restSource({ url: `${server.url}/u` })())).rejects.toMatchObject({
    code: "source_failed",
    message: expect.stringMatching(message),
  });
});

it.each([
  [5, 4, { code: "pages_past_total", parameters: { count: 8, total: 5 } }],
  [undefined, 30, { code: "too_many_pages", parameters: { pages: 30 } }],
])("restSource ends pages without end that name the total %s, after %d of them", async (total, count, issue) => {
  const server = await serve((response, _request, nth) =>
    json(response, 200, { total, items: [1, 2], next: `?cursor=${nth}` }),
  );
  const source = restSource({ url: `${server.url}/u`, items: "items", next: "next", total: "total", maxPages: 30 });
  expect(await failureOf(listOf(source()))).toMatchObject({ issues: [issue] });
  expect(server.seen).toHaveLength(count);
});
