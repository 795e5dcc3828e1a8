import { expect, it, vi } from "vitest";
import type { OpleadOptions, SharedRate } from "../../src/index.ts";
import { errorOf } from "../../src/transport/answer.ts";
import { failureOf } from "../support/failure.ts";
import { attempts } from "../support/hooks.ts";
import { openTransport, type Reply } from "../support/open-transport.ts";

const PUT = { method: "PUT", url: "https://api.oplead.com/v1/users/1", body: "{}" };

const refused = () => Object.assign(new Error("refused"), { code: "ECONNREFUSED" });

const open = (replies: Reply[], options: OpleadOptions = {}, atTurn = () => {}) => {
  const ends: unknown[] = [];
  const rateLimit: SharedRate = {
    ...{ requests: 50, perMs: 1_000, perSecond: 50 },
    async acquire({ warn }) {
      warn("the store is slow");
      atTurn();
      const note = (end: string) => () => void ends.push(end);
      return { accepted: note("accepted"), unsent: note("unsent"), refused: (pauseMs) => void ends.push(pauseMs) };
    },
  };
  return { ...openTransport(replies, { rateLimit, ...options }), ends };
};

it("a shared rate is told if a request was unsent, refused or accepted, as without an answer", async () => {
  const warn = vi.fn();
  const logger = { debug() {}, info() {}, warn, error() {} };
  const replies: Reply[] = [
    refused(),
    new Error("broken"),
    { status: 429, headers: { "retry-after": "2" } },
    { status: 200 },
  ];
  const { transport, clock, ends } = open(replies, { logger });
  const sending = transport.send(PUT, transport.begin("updateUser", undefined));
  await clock.advance(20_000);
  expect((await sending).status).toBe(200);
  expect(ends).toEqual(["unsent", "accepted", 2_000, "accepted"]);
  expect(warn).toHaveBeenCalledWith("oplead-sdk: the store is slow", { event: "shared_rate", code: undefined });
});

it("a shared rate is told that a request was not sent if an abort came just before", async () => {
  for (const when of ["turn", "hook"]) {
    const stop = new AbortController();
    const abort = (at: string) => () => void (at === when && stop.abort());
    const hooks = attempts({ began: abort("hook") });
    const { transport, sent, ends } = open([{ status: 200 }], { hooks }, abort("turn"));
    const call = transport.begin("updateUser", { signal: stop.signal });
    expect(await failureOf(transport.send(PUT, call))).toMatchObject({ code: "aborted", requests: 0 });
    expect([ends, sent]).toEqual([["unsent"], []]);
  }
});

it("a client says once in its log that Oplead asked for a pause, and how long it is", async () => {
  const warn = vi.fn();
  const logger = { debug() {}, info() {}, warn, error() {} };
  const replies: Reply[] = [{ status: 429, headers: { "retry-after": "3600" } }, { status: 200 }];
  const { transport, clock, sent } = openTransport(replies, { logger });
  const fails = async () => {
    const failing = failureOf(async () => {
      const answer = await transport.send(PUT, transport.begin("updateUser", undefined));
      throw errorOf(answer, transport.begin("updateUser", undefined));
    });
    await clock.advance(0);
    return failing;
  };
  for (let call = 0; call < 20; call += 1) expect(await fails()).toMatchObject({ code: "rate_limited" });
  expect(sent).toHaveLength(1);
  expect(warn.mock.calls.map(([line]) => line)).toEqual([
    expect.stringContaining("Oplead asked for a pause of 1 h (429 with Retry-After)"),
  ]);
  await clock.advance(60_000);
  for (let call = 0; call < 2; call += 1) {
    const sending = transport.send(PUT, transport.begin("updateUser", undefined));
    await clock.advance(1_000);
    expect((await sending).status).toBe(200);
  }
});
