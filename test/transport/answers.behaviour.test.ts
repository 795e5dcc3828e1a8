import { describe, expect, it } from "vitest";
import type { OpleadErrorCode } from "../../src/index.ts";
import { calls, connect, failure, json, serve, ways } from "../support/servers.ts";
import { user } from "../support/users.ts";

// The last: requests, if a client repeats up to four times.
const STATUSES: [status: number, code: OpleadErrorCode, retryable: boolean, requests: number][] = [
  [400, "refused", false, 1],
  [401, "unauthorized", false, 1],
  [402, "refused", false, 1],
  [403, "forbidden", false, 1],
  [404, "not_found", false, 1],
  [405, "refused", false, 1],
  [408, "refused", true, 4],
  [409, "conflict", false, 1],
  [422, "refused", false, 1],
  [425, "refused", true, 4],
  [429, "rate_limited", true, 4],
  [451, "refused", false, 1],
  [500, "server_error", true, 4],
  [501, "server_error", true, 1],
  [503, "server_error", true, 4],
  [599, "server_error", true, 1],
  [999, "server_error", true, 1],
];

describe.each(ways)("with requests sent through %s", (_name, way) => {
  const options = { ...way, retry: false } as const;

  it.each(STATUSES)("an answer with status %d is the error %s", async (status, code, retryable, requests) => {
    const body = { message: "Jean Dupont is not known", code: status };
    const server = await serve((response) => json(response, status, body, { "x-request-id": "req-4711" }));
    const error = await failure(calls.PUT(connect(server.url, way)));
    expect(server.seen).toHaveLength(requests);
    expect(error).toMatchObject({
      code,
      status,
      retryable,
      requestId: "req-4711",
      requests,
      operation: "updateUser",
    });
    expect(error.body).toEqual(body);
    expect(error.message).not.toContain("Dupont");
    expect(error.message).toContain(String(status));
  });

  it.each([400, 401, 403, 404, 405, 409, 410, 413, 422, 451])(
    "the error of an HTML %d tells what came and from which server, and is not Oplead's refusal",
    async (status) => {
      const server = await serve((response) =>
        response.writeHead(status, { "content-type": "text/html", server: "nginx/1.27" }).end("<h1>Not here</h1>"),
      );
      const error = await failure(calls.POST(connect(server.url, options)));
      const facts = { code: "unexpected_response", status, retryable: true, fromOplead: false };
      expect(error).toMatchObject({ ...facts, body: "<h1>Not here</h1>" });
      expect(error.message).toContain('the answer from the server "nginx/1.27" is text/html');
      expect(error.message).not.toContain("<h1>");
      expect(server.seen).toHaveLength(1);
    },
  );

  it.each([
    ["an empty body", {}, "", "is empty"],
    ["broken JSON", { "content-type": "application/json" }, "{", "is broken JSON"],
    ["a JSON text", { "content-type": "application/json" }, '"no"', "is not a JSON object"],
  ])("a 404 with %s is not taken for Oplead's answer", async (_what, headers, body, says) => {
    const server = await serve((response) => response.writeHead(404, headers).end(body));
    const error = await failure(calls.POST(connect(server.url, options)));
    expect(error).toMatchObject({ code: "unexpected_response", retryable: true, fromOplead: false });
    expect(error.message).toContain(says);
  });

  it.each(["9007199254740993", "-9007199254740993", "123456789012345678901234567890"])(
    "the id %s in an answer is read with every digit",
    async (id) => {
      const text = `{"name":"99999999999999999 and \\"12345678901234567\\"","id":${id},"small":12,"exact":9007199254740991,"f":1.00000000000000001}`;
      const server = await serve((response) =>
        response.writeHead(200, { "content-type": "application/json" }).end(text.replaceAll("\\\\", "\\")),
      );
      const result = await connect(server.url, options).updateUser("1", user(1));
      expect(result.id).toBe(id);
      expect(result.user).toEqual({
        name: '99999999999999999 and "12345678901234567"',
        id,
        small: 12,
        exact: 9007199254740991,
        f: 1,
      });
    },
  );

  it.each([301, 302, 303, 307, 308])(
    "a %d is not followed, and its target gets neither request nor token",
    async (status) => {
      const target = await serve((response) => json(response));
      const server = await serve((response) =>
        response.writeHead(status, { location: `${target.url}/v1/users/1` }).end(),
      );
      for (const method of ["PUT", "POST", "GET"] as const) {
        const error = await failure(calls[method](connect(server.url, { ...way })));
        expect(error).toMatchObject(
          method === "POST" ? { code: "ambiguous_creation", status } : { code: "unexpected_response", status },
        );
        expect(error.message).toContain("redirect");
        expect(error.message).not.toContain(target.url);
      }
      expect(server.seen).toHaveLength(3);
      expect(target.seen).toEqual([]);
    },
  );

  it.each([
    ["text/html", "<p>Maintenance</p>", "is text/html, not JSON"],
    ["text/plain", '{"id":"1"}', "is text/plain, not JSON"],
    ["application/json", '{"id":', "is broken JSON"],
    ["application/json", "undefined", "is broken JSON"],
    ["application/json", "null", "without a user"],
    ["application/json", '"text"', "without a user"],
    ["application/json", "[1]", "without a user"],
    ["application/json", "{}", "no `id`"],
    ["application/json", '{"id":null}', "no `id`"],
    ["application/json", '{"id":{}}', "no `id`"],
    ["application/json", "", "without a user"],
    ["x/<script>", "1", "is something else, not JSON"],
  ])("a 200 of type %s with the body %j does not count as a success", async (type, text, message) => {
    const server = await serve((response) => response.writeHead(200, { "content-type": type }).end(text));
    const put = await failure(calls.PUT(connect(server.url, options)));
    expect(put).toMatchObject({ code: "unexpected_response", status: 200, retryable: true });
    expect(put.message).toContain(message);
    expect(await failure(calls.POST(connect(server.url, options)))).toMatchObject({ code: "ambiguous_creation" });
  });
});

it("an answer without a status, such as a redirect that a browser hides, is an error and not retried", async () => {
  let requests = 0;
  const fetch = async () => {
    requests += 1;
    return Response.error();
  };
  const oplead = connect("http://oplead.test", { fetch });
  for (const call of [calls.PUT(oplead), calls.GET(oplead)]) {
    expect(await failure(call)).toMatchObject({ code: "unexpected_response", status: 0, requests: 1 });
  }
  expect(requests).toBe(2);
});
