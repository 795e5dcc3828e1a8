import { pino } from "pino";
import { expect, it } from "vitest";
import { createOplead, pinoLogger } from "../../src/index.ts";
import { connect, json, serve } from "../support/servers.ts";
import { user } from "../support/users.ts";

it("pino gets each line with its message, its level and all its fields", async () => {
  const server = await serve((response) => json(response));
  const lines: unknown[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const logger = pinoLogger(pino({ level: "debug" }, stream));
  await connect(server.url, { logger }).updateUser("1", user(1));
  expect(lines).toEqual([
    expect.objectContaining({
      level: 20,
      msg: expect.stringContaining("oplead-sdk: updateUser of ACC-1: PUT 200"),
      event: "request_ended",
      operation: "updateUser",
      user: "ACC-1",
      status: 200,
      callId: expect.any(String),
      durationMs: expect.any(Number),
    }),
  ]);
});

it("a bare pino logger or a child of it is refused with advice, because it would drop the fields", () => {
  for (const bare of [pino(), pino().child({ name: "oplead" })]) {
    // @ts-expect-error pino takes the fields first
    expect(() => createOplead({ token: "t", logger: bare })).toThrow("logger: is pino, which would drop the fields");
  }
});

it("pinoLogger refuses a logger without levels", () => {
  expect(() => pinoLogger({} as never)).toThrow(expect.objectContaining({ code: "invalid_input" }));
});
