import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { calls, connect, failure, serve, serveBytes, ways } from "../support/servers.ts";

const VALUE = { id: "1", lastname: "Lefèvre", text: "é😀".repeat(2_000) };
const TEXT = Buffer.from(JSON.stringify(VALUE));

const answering = (bytes: Buffer, encoding?: string, chunk = 0) =>
  serve((response) => {
    response.writeHead(200, {
      "content-type": "application/json",
      ...(encoding && { "content-encoding": encoding }),
      ...(chunk === 0 && { "content-length": bytes.length }),
    });
    if (chunk === 0) return response.end(bytes);
    for (let at = 0; at < bytes.length; at += chunk) response.write(bytes.subarray(at, at + chunk));
    return response.end();
  });

describe.each(ways)("with requests sent through %s", (_name, way) => {
  it.each([
    ["gzip", gzipSync(TEXT)],
    ["x-gzip", gzipSync(TEXT)],
    ["GZIP", gzipSync(TEXT)],
    ["br", brotliCompressSync(TEXT)],
    ["deflate", deflateSync(TEXT)],
    ["deflate", deflateRawSync(TEXT)],
    ["gzip, br", brotliCompressSync(gzipSync(TEXT))],
    ["identity", TEXT],
    [undefined, TEXT],
  ])("the transport reads %s, whole and in pieces that cut letters in two", async (encoding, bytes) => {
    for (const chunk of [0, 7]) {
      const server = await answering(bytes, encoding, chunk);
      const { user } = (await calls.PUT(connect(server.url, way))) as { user: unknown };
      expect(user).toEqual(VALUE);
      expect(server.seen[0]?.headers["accept-encoding"]).toContain("gzip");
    }
  });

  it("the transport reads JSON behind a byte order mark", async () => {
    const server = await answering(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), TEXT]));
    expect(await calls.PUT(connect(server.url, way))).toMatchObject({ id: "1" });
  });

  it.each([
    ["broken", Buffer.concat([gzipSync(TEXT).subarray(0, 40), Buffer.alloc(200, 0xff)])],
    ["cut off", gzipSync(TEXT).subarray(0, 60)],
    ["in truth plain text", Buffer.from("not compressed at all")],
  ])("an answer whose gzip is %s fails its attempt, and only a PUT is repeated", async (_what, bytes) => {
    let count = 0;
    const server = await serve((response) => {
      count += 1;
      const broken = count !== 3;
      response.writeHead(200, { "content-type": "application/json", ...(broken && { "content-encoding": "gzip" }) });
      response.end(broken ? bytes : TEXT);
    });
    expect(await calls.PUT(connect(server.url, way))).toMatchObject({ id: "1", requests: 3 });
    const error = await failure(calls.POST(connect(server.url, way)));
    expect(error).toMatchObject({ code: "ambiguous_creation", requests: 1 });
    expect(server.seen).toHaveLength(4);
  });

  it("the transport ignores early hints before the answer", async () => {
    const server = await serveBytes((socket) => {
      socket.write("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n");
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{"id":"1"}');
    });
    expect(await calls.PUT(connect(server.url, way))).toMatchObject({ id: "1" });
    expect(server.count).toBe(1);
  });
});

it.each([
  [undefined, (content: Buffer) => content],
  ["gzip", (content: Buffer) => gzipSync(content, { level: 1 })],
])("an answer of more than 64 MiB is refused, compressed or not (%s)", async (encoding, compress) => {
  const server = await answering(compress(Buffer.alloc(64 * 2 ** 20 + 1, "[")), encoding);
  for (const [, way] of ways) {
    const error = await failure(calls.PUT(connect(server.url, { ...way, retry: false })));
    expect(error).toMatchObject({ code: "connection", requests: 1 });
    expect(error.cause).toMatchObject({ message: /too large|larger than/ });
  }
});
