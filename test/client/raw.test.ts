import { inspect } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import type { Oplead } from "../../src/index.ts";
import { rawClient } from "../../src/raw.ts";
import { connect, failure, json, serve, type TestServer, TOKEN, ways } from "../support/servers.ts";

const METHODS = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"] as const;
type Result = { data?: unknown; error?: unknown; response: Response };
type Untyped = { request(method: string, path: string, init?: object): Promise<Result> } & {
  [Method in (typeof METHODS)[number] | "HEAD"]: (path: string, init?: object) => Promise<Result>;
};
const untyped = (oplead: Oplead) => rawClient(oplead) as unknown as Untyped;

describe.each(ways)("with requests sent through %s", (_name, way) => {
  let server: TestServer;
  beforeEach(async () => {
    server = await serve((response, { url }) => json(response, url === "/v1/users" ? 201 : 200, { id: "1" }));
  });

  describe("the result of a raw call", () => {
    it("a raw call gives data and response for a success", async () => {
      const raw = rawClient(connect(server.url, way));
      const params = { path: { code: "FR" } };
      const { data, error, response } = await raw.GET("/v1/types/country/{code}", { params });
      expect([data, error]).toEqual([{ id: "1" }, undefined]);
      expect(response).toBeInstanceOf(Response);
      expect([response.status, response.ok, response.headers.get("content-type")]).toEqual([
        200,
        true,
        "application/json",
      ]);
      expect(server.seen[0]?.url).toBe("/v1/types/country/FR");
      expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    });

    it.each([400, 404, 409, 422])("a raw call gives error and response for a %d", async (status) => {
      const refusing = await serve((response) => json(response, status, { errors: ["no"] }));
      const { data, error, response } = await untyped(connect(refusing.url, way)).GET("/v1/users");
      expect([data, error, response.status]).toEqual([undefined, { errors: ["no"] }, status]);
    });

    it("a raw call gives neither data nor error for a 204, and for a creation with an empty answer", async () => {
      for (const status of [204, 201]) {
        const silent = await serve((response) => response.writeHead(status, { "content-length": 0 }).end());
        const { data, error, response } = await untyped(connect(silent.url, way)).POST("/v1/users", { body: {} });
        expect([data, error, response.status]).toEqual([undefined, undefined, status]);
      }
    });

    it("a raw call returns every header of the answer, with each cookie separately", async () => {
      const cookies = await serve((response) =>
        json(response, 200, {}, { "set-cookie": ["a=1", "b=2"], "x-total": "7" }),
      );
      const { response } = await untyped(connect(cookies.url, way)).GET("/v1/users");
      expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
      expect(response.headers.get("x-total")).toBe("7");
    });
  });

  describe("answers without a body that can be read", () => {
    it("a raw call with an empty failure has a request id and a sentence as its error, for any parseAs", async () => {
      const headers = { "x-request-id": "req-7", "content-length": 0 };
      for (const status of [404, 500]) {
        const silent = await serve((response) => response.writeHead(status, headers).end());
        const raw = untyped(connect(silent.url, { ...way, retry: false }));
        for (const answer of [raw.GET("/v1/x"), raw.HEAD("/v1/x"), raw.GET("/v1/x", { parseAs: "blob" })]) {
          expect(await answer).toEqual({
            error: `The answer is empty, with status ${status}.`,
            response: expect.objectContaining({ status }),
            requestId: "req-7",
          });
        }
      }
    });

    it.each([
      ["an HTML 200", 200, { "content-type": "text/html" }, "<p>", "unexpected_response"],
      ["broken JSON", 200, { "content-type": "application/json" }, "{", "unexpected_response"],
      ["an empty 200 of a GET", 200, { "content-type": "application/json" }, "", "unexpected_response"],
      ["a redirect", 302, { location: "/v1/other" }, "", "unexpected_response"],
      ["a status that does not exist", 999, { "content-type": "application/json" }, "{}", "server_error"],
    ])("a raw call throws for %s, because the API gives no such answer", async (_what, status, headers, body, code) => {
      const odd = await serve((response) => response.writeHead(status, headers).end(body));
      const error = await failure(untyped(connect(odd.url, { ...way, retry: false })).GET("/v1/users"));
      expect(error).toMatchObject({ code, status, operation: "GET /v1/users", requests: 1 });
    });
  });

  describe("parseAs", () => {
    const BYTES = Buffer.from([0, 1, 254, 255, 0xef, 0xbb, 0xbf, 10]);
    let documents: TestServer;
    beforeEach(async () => {
      documents = await serve((response, _request, nth) =>
        nth === 1 ? json(response, 503, {}) : response.writeHead(200, { "content-type": "image/png" }).end(BYTES),
      );
    });
    const get = (parseAs: string) => untyped(connect(documents.url, way)).GET("/v1/document", { parseAs });

    it("parseAs gives the bytes of the answer unchanged, even if the first attempt failed", async () => {
      const { data, response } = await get("arrayBuffer");
      expect(Buffer.from(data as ArrayBuffer)).toEqual(BYTES);
      expect(response.headers.get("content-type")).toBe("image/png");
      expect(documents.seen).toHaveLength(2);
      expect(documents.seen[0]?.headers.accept).toBe("*/*");
    });

    it("parseAs gives a blob, a stream or text", async () => {
      const { data: blob } = await get("blob");
      expect(Buffer.from(await (blob as Blob).arrayBuffer())).toEqual(BYTES);
      const { data: stream } = await get("stream");
      expect(Buffer.from(await new Response(stream as ReadableStream).arrayBuffer())).toEqual(BYTES);
      expect((await get("text")).data).toBe(new TextDecoder().decode(BYTES));
    });

    it("a parseAs that does not exist is refused before anything is sent", async () => {
      const error = await failure(get("formData"));
      expect(error.code).toBe("invalid_input");
      expect(error.message).toContain("parseAs must be one of json, text, blob, arrayBuffer, stream");
      expect(documents.seen).toEqual([]);
    });
  });

  it("the raw client uploads a file, with the same bytes and the same boundary on each attempt", async () => {
    const flaky = await serve((response, _request, nth) => json(response, nth < 3 ? 503 : 200, {}));
    const content = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 256));
    const body = new FormData();
    body.append("kind", "photo");
    body.append("file", new File([content], "é.jpg", { type: "image/jpeg" }));
    await untyped(connect(flaky.url, way)).PUT("/v1/leads/1/document/add", { body });
    expect(flaky.seen).toHaveLength(3);
    const [first, ...others] = flaky.seen;
    const type = first?.headers["content-type"] ?? "";
    expect(type).toMatch(/^multipart\/form-data; boundary=/);
    for (const other of others) {
      expect(other.headers["content-type"]).toBe(type);
      expect(other.body.equals(first?.body as Buffer)).toBe(true);
    }
    const arrived = await new Response(new Uint8Array(first?.body ?? []), {
      headers: { "content-type": type },
    }).formData();
    const file = arrived.get("file") as File;
    expect([arrived.get("kind"), file.name, file.type]).toEqual(["photo", "é.jpg", "image/jpeg"]);
    expect(Buffer.from(await file.arrayBuffer()).equals(content)).toBe(true);
  });

  it("the raw client passes on query and headers, except the headers that the package sets itself", async () => {
    await untyped(connect(server.url, way)).GET("/v1/leads", {
      params: { query: { status: ["new", "won"], q: "é&=" }, header: { "X-Page": "2" } },
      headers: { Authorization: "Bearer other", "User-Agent": "other", Host: "evil.example", "x-trace": "t" },
    });
    const [one] = server.seen;
    expect(new URL(one?.url ?? "", server.url).searchParams.getAll("status")).toEqual(["new", "won"]);
    expect(new URL(one?.url ?? "", server.url).searchParams.get("q")).toBe("é&=");
    expect(one?.headers).toMatchObject({ "x-page": "2", "x-trace": "t", authorization: `Bearer ${TOKEN}` });
    expect(one?.headers.host).toBe(`127.0.0.1:${server.port}`);
    expect(one?.headers["user-agent"]).toMatch(/^oplead-sdk\//);
  });

  describe("calls that the raw client refuses", () => {
    const path = "/v1/users/{userIdentification}";
    it.each<[string, unknown, unknown, object]>([
      ["a path parameter that is missing", "PUT", path, {}],
      ["a path parameter that is empty", "PUT", path, { params: { path: { userIdentification: "" } } }],
      ["a path parameter that climbs", "PUT", path, { params: { path: { userIdentification: ".." } } }],
      ["two path parameters, one of which is missing", "PUT", "/v1/{a}/{b}", { params: { path: { a: "1" } } }],
      ["a path that climbs", "PUT", "/v1/users/../settings", {}],
      ["a path that climbs encoded", "DELETE", "/v1/users/%2e%2e", {}],
      ["a path that climbs behind a tab", "DELETE", "/v1/users/.\t.", {}],
      ["a path that climbs, with backslashes", "DELETE", "/v1\\..\\users", {}],
      ["a path with an empty part", "DELETE", "/v1/users//rule", {}],
      ["another host", "GET", "@evil.example/v1", {}],
      ["another host in a name", "GET", ".evil.example/v1", {}],
      ["another port", "GET", "1/v1", {}],
      ["a method that does not exist", "NO SUCH METHOD", "/v1/users", {}],
      ["a method that is no text", 7, "/v1/users", {}],
      ["a path that is no text", "GET", 7, {}],
      ["TRACE, which fetch forbids", "TRACE", "/v1/users", {}],
      ["a GET with a body", "GET", "/v1/users", { body: {} }],
      ["a header with a line break", "GET", "/v1/users", { headers: { "x-a": "a\r\nb: c" } }],
      ["a body that JSON cannot carry", "PUT", "/v1/users", { body: { n: 1n } }],
    ])("the raw client sends nothing for %s", async (_what, method, template, init) => {
      const error = await failure(
        untyped(connect(server.url, way)).request(method as string, template as string, init),
      );
      expect(error.code).toBe("invalid_input");
      expect(server.seen).toEqual([]);
      expect(inspect(error)).not.toContain(TOKEN);
    });
  });

  const open = async (status: number, body: string | Uint8Array, headers: Record<string, string> = {}) => {
    const server = await serve((response) => response.writeHead(status, headers).end(body));
    return { server, raw: untyped(connect(server.url, { ...way, retry: false })) };
  };

  it("a raw call that asks for bytes accepts an empty document", async () => {
    const { raw } = await open(200, "", { "content-length": "0" });
    const { data, response } = await raw.PUT("/v1/document", { parseAs: "blob" });
    expect([response.status, (data as Blob | undefined)?.size ?? 0]).toEqual([200, 0]);
    expect((await raw.GET("/v1/document", { parseAs: "text" })).response.status).toBe(200);
  });

  it("a raw call gives the JSON of a failure as its error up to status 599, and throws for a higher status", async () => {
    const { raw } = await open(599, '{"a":1}', { "content-type": "application/json" });
    expect(await raw.GET("/v1/users")).toMatchObject({ error: { a: 1 } });
    const beyond = await open(600, '{"a":1}', { "content-type": "application/json" });
    expect(await failure(beyond.raw.GET("/v1/users"))).toMatchObject({ status: 600 });
  });

  it("a response lacks content-length and transfer-encoding, and keeps headers with similar names", async () => {
    const { raw } = await open(200, "{}", {
      "content-type": "application/json",
      "x-content-length": "7",
      "content-encoding-note": "none",
      "content-length": "2",
    });
    const { headers } = (await raw.GET("/v1/users")).response;
    expect([headers.get("x-content-length"), headers.get("content-encoding-note")]).toEqual(["7", "none"]);
    expect([headers.get("content-length"), headers.get("transfer-encoding")]).toEqual([null, null]);
  });

  it("a raw call ends when its own signal is aborted, and null counts as no signal", async () => {
    const { raw, server } = await open(200, "{}", { "content-type": "application/json" });
    const error = await failure(raw.GET("/v1/users", { signal: AbortSignal.abort("enough") }));
    expect(error).toMatchObject({ code: "aborted", thrown: "enough" });
    expect(server.seen).toEqual([]);
    expect((await raw.GET("/v1/users", { signal: null })).response.status).toBe(200);
  });
});

it("rawClient refuses a value that is not a client", () => {
  expect(() => rawClient({} as Oplead)).toThrow(/not a client made by createOplead/);
});

it("an error of a raw call names method and path, unless the path may be personal", async () => {
  const server = await serve((response) => json(response, 500, {}));
  const raw = untyped(connect(server.url, { retry: false, testMode: true }));
  const moved = await serve((response) => response.writeHead(302, { location: "/v1/x" }).end());
  const failing = untyped(connect(moved.url, { retry: false, testMode: true }));
  const operation = async (call: Promise<unknown>) => (await failure(call)).operation;
  expect(await operation(failing.request("get", "/v1/users"))).toBe("GET /v1/users");
  for (const path of ["/v1/users/jean@x", "/v1/jean%40x", "/v1/a%20b"]) {
    expect(await operation(failing.GET(path))).toBe("GET [path not shown]");
  }
  const refused = await failure(raw.GET("/v1/x", { parseAs: "formData" }));
  expect(refused).toMatchObject({ operation: "GET /v1/x", testMode: true });
});
