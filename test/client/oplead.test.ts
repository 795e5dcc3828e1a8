import { expect, it } from "vitest";
import { createOplead, type OpleadOptions } from "../../src/index.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { connect } from "../support/servers.ts";
import { user } from "../support/users.ts";

function greeting(options: OpleadOptions) {
  const lines: string[] = [];
  const note = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  const logger = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
  createOplead({ token: "t", logger, ...options });
  return lines;
}

it("a new client logs a missing TLS and test mode, and otherwise nothing", () => {
  expect(greeting({})).toEqual([]);
  expect(greeting({ baseUrl: "http://127.0.0.1:8080" })).toEqual([]);
  expect(greeting({ baseUrl: "http://oplead.example", allowHttp: true })).toEqual([
    expect.stringMatching(/^warn: .*plain http/),
  ]);
  expect(greeting({ testMode: true })).toEqual([expect.stringMatching(/^info: .*test mode is on/)]);
});

it("the methods of a client work if they are called without the client as their `this`", async () => {
  const { fetch, users } = createFakeOplead();
  const { upsertUser, updateUser, setRules } = connect("http://oplead.test", { fetch });
  const { id } = await upsertUser(user(1));
  await updateUser(id, user(1));
  expect(await setRules(id, { maxDistance: 5 })).toMatchObject({ applied: ["maxDistance"] });
  expect(users.length).toBeLessThanOrEqual(1);
});
