import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { HookEvent, LogFields, OpleadLogger } from "../../src/index.ts";
import { attempts, type Ended } from "../support/hooks.ts";
import { calls, connect, json, serve, TOKEN, ways } from "../support/servers.ts";
import { user } from "../support/users.ts";

class LineLogger implements OpleadLogger {
  readonly lines: string[] = [];
  readonly #prefix = "log";
  #write(level: string, message: string): void {
    this.lines.push(`${this.#prefix} ${level} ${message}`);
  }
  debug(message: string): void {
    this.#write("debug", message);
  }
  info(message: string): void {
    this.#write("info", message);
  }
  warn(message: string): void {
    this.#write("warn", message);
  }
  error(message: string): void {
    this.#write("error", message);
  }
}

describe.each(ways)("with requests sent through %s", (_name, way) => {
  const failingOnce = (status: number) =>
    serve((response, _request, nth) =>
      json(response, nth === 1 ? status : 200, { id: "1" }, { "x-request-id": `req-${nth}` }),
    );

  it("events and log fields name the call, the user, the rule and the time in the queue", async () => {
    const server = await serve((response) => json(response));
    const ended: Ended<HookEvent<"attempt">>[] = [];
    const fields: unknown[] = [];
    const logger = { debug: (_: string, more?: object) => fields.push(more), info() {}, warn() {}, error() {} };
    const oplead = connect(server.url, {
      ...way,
      logger,
      maxConcurrency: 1,
      hooks: attempts({ ended: (end) => ended.push(end) }),
    });
    await Promise.all([
      oplead.setRules("4711", { maxDistance: 30, profileTypes: ["pro"] }),
      oplead.setRules("jean@dealers.example", { maxDistance: 30 }),
    ]);
    const rows = ended.map(({ callId, sequence, user, rule }) => [callId.replace(/^\w+-/, ""), sequence, user, rule]);
    expect(rows.sort()).toEqual([
      ["1", 1, "4711", "maxDistance"],
      ["1", 2, "4711", "profileTypes"],
      ["2", 1, "[not shown]", "maxDistance"],
    ]);
    expect(Math.max(...ended.map(({ queueMs }) => queueMs))).toBeGreaterThan(0);
    const durationMs = expect.any(Number);
    expect(fields).toEqual(ended.map(({ kind: _, ...end }) => ({ event: "request_ended", ...end, durationMs })));
  });

  it("the logger may be an instance of a class, and its lines hold neither the token nor personal data", async () => {
    const server = await failingOnce(503);
    const logger = new LineLogger();
    const oplead = connect(server.url, { ...way, logger, testMode: true });
    await calls.PUT(oplead);
    await oplead.createUser(user(2, { accountNumber: "jean@dealers.example" }));
    expect(logger.lines.map((line) => line.replace(/\d+(\.\d+)? m?s/, "TIME"))).toEqual([
      "log info oplead-sdk: test mode is on, nothing will be persisted",
      "log debug oplead-sdk: updateUser of ACC-1 (test mode): PUT 503 in TIME",
      "log warn oplead-sdk: updateUser of ACC-1 (test mode): server_error 503, attempt 1 of 4; next in TIME",
      "log debug oplead-sdk: updateUser of ACC-1 (test mode): PUT 200 in TIME",
      "log debug oplead-sdk: createUser of [not shown] (test mode): POST 200 in TIME",
    ]);
    for (const secret of [TOKEN, "dealers.example", "Martin", "rue de la Paix"]) {
      expect(inspect(logger.lines)).not.toContain(secret);
    }
  });
});
describe.each(ways)("the log of a request whose answer was lost, over %s", (_name, way) => {
  it.each([
    ["breaks", "connection", (response: ServerResponse) => response.destroy()],
    ["does not come in time", "timeout", () => {}],
    ["is a gateway's 504", "server_error", (response: ServerResponse) => response.writeHead(504).end()],
  ] as const)(
    "the log, if the answer %s, has a line for each attempt and a warning for an unknown outcome",
    async (_what, code, end) => {
      const server = await serve((response) => end(response));
      const lines: [level: string, fields: LogFields][] = [];
      const level = (name: string) => (_text: string, fields: LogFields) => void lines.push([name, fields]);
      const logger = { debug: level("debug"), info: level("info"), warn: level("warn"), error: level("error") };
      const oplead = connect(server.url, { ...way, logger, timeoutMs: code === "timeout" ? 60 : 10_000 });
      const told = async (call: Promise<unknown>) => {
        lines.length = 0;
        await call.catch(() => {});
        return lines.map(
          ([name, fields]) => `${name} ${fields.event} ${fields.method} ${fields.code ?? fields.status}`,
        );
      };
      const ended = code === "server_error" ? 504 : code;
      const unknown = (method: string) => `warn outcome_unknown ${method} ${code}`;
      const again = (method: string) => [
        `debug request_ended ${method} ${ended}`,
        `warn request_retried ${method} ${code}`,
      ];
      expect(await told(calls.POST(oplead))).toEqual([`debug request_ended POST ${ended}`, unknown("POST")]);
      const put = [...again("PUT"), ...again("PUT"), ...again("PUT"), `debug request_ended PUT ${ended}`];
      expect(await told(calls.PUT(oplead))).toEqual([...put, unknown("PUT")]);
      // A read leaves no unknown outcome.
      expect(await told(calls.GET(oplead))).toEqual(put.map((line) => line.replace("PUT", "GET")));
      if (code === "timeout") expect(server.seen.length).toBeLessThanOrEqual(9);
      else expect(server.seen).toHaveLength(9);
    },
  );
});
