import { expect, it } from "vitest";
import type { OpleadHooks, OpleadLogger } from "../../src/index.ts";
import { attempts } from "../support/hooks.ts";
import { openTransport } from "../support/open-transport.ts";

const PUT = { method: "PUT", url: "https://api.oplead.com/v1/users/1", body: "{}" };

it("the event of a call that was aborted in flight does not announce a retry", async () => {
  const told: string[] = [];
  const hooks = attempts({ ended: () => told.push("end"), retried: () => told.push("retry") });
  const { transport, sent } = openTransport(["never"], { hooks });
  const stop = new AbortController();
  const call = transport.begin("updateUser", { signal: stop.signal });
  const running = transport.send(PUT, call).catch((error: unknown) => error);
  await Promise.resolve();
  stop.abort();
  expect(await running).toMatchObject({ code: "aborted" });
  expect([told, sent.length]).toEqual([["end"], 1]);
});

async function observed(...hooks: OpleadHooks[]) {
  const errors: unknown[] = [];
  const logger: OpleadLogger = { debug() {}, info() {}, warn() {}, error: (_, fields) => errors.push(fields) };
  const { transport, sent } = openTransport([{ status: 200 }], { logger, hooks, rateLimit: false });
  const call = transport.begin("updateUser", undefined);
  const { status } = await transport.observe(call, () => transport.send(PUT, call));
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
  return { status, sent: sent.length, errors: errors.length };
}
const broken = () => {
  throw new Error("broken observer");
};

it.each<[string, OpleadHooks["around"], number]>([
  ["throws before it calls next", broken, 2],
  ["rejects before it calls next", async () => broken(), 2],
  [
    "throws after it called next",
    (_, next) => {
      next();
      broken();
    },
    2,
  ],
  ["rejects after the work has ended", async (_, next) => broken.call(await next()), 2],
  ["never calls next", () => {}, 0],
  ["never ends", () => new Promise(() => {}), 0],
  ["calls next twice", (_, next) => Promise.all([next(), next()]), 0],
  ["calls next too late", (_, next) => Promise.resolve().then(next), 0],
  ["returns a result of its own", (_, next) => next().then(() => ({ status: 500 })), 0],
])(
  "the work inside a hook that %s is done once, and the caller gets the result of the work",
  async (_what, around, errors) => {
    expect(await observed({ around })).toEqual({ status: 200, sent: 1, errors });
  },
);

it("each of the `around` hooks encloses those behind it, and ends before the caller's result", async () => {
  const told: string[] = [];
  const hook = (name: string): OpleadHooks => ({
    async around({ kind }, next) {
      told.push(`${name} begins ${kind}`);
      await next();
      told.push(`${name} ends ${kind}`);
    },
  });
  await observed(hook("first"), { around: broken }, hook("second")).then(() => told.push("the caller"));
  expect(told).toEqual([
    "first begins call",
    "second begins call",
    "first begins attempt",
    "second begins attempt",
    "second ends attempt",
    "first ends attempt",
    "second ends call",
    "first ends call",
    "the caller",
  ]);
});
