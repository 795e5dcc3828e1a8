import { describe, expect, it } from "vitest";
import type { Oplead } from "../../src/index.ts";
import { rawClient } from "../../src/raw.ts";
import { connect, failure, json, serve, ways } from "../support/servers.ts";

type Result = { data?: unknown; error?: unknown; response: Response };
type Method = (path: string, init?: object) => Promise<Result>;
type Untyped = Record<"GET" | "PUT" | "POST" | "HEAD", Method> & {
  request(method: string, path: string, init?: object): Promise<Result>;
};
const untyped = (oplead: Oplead) => rawClient(oplead) as unknown as Untyped;

describe.each(ways)("with requests sent through %s", (_name, way) => {
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
