/** What the webhook leans on fails, hangs or gives nonsense: no event is lost, no answer hangs, no process dies. */
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { OpleadLogger } from "../../src/index.ts";
import {
  hmacSignature,
  keyvDeliveries,
  keyvLedger,
  memoryDeliveries,
  toNodeListener,
} from "../../src/webhook/index.ts";
import { deliveryOf, outcomes, rawDelivery, serve, setup, signedHeaders, toEntry, told } from "../support/webhook.ts";

const event = { number: 1, revision: 1 };
const body = JSON.stringify(event);
const post = (headers: Record<string, string>, body: string | ReadableStream) =>
  new Request("http://r.example/", {
    ...{ method: "POST", headers: { "content-type": "application/json", ...headers }, body, duplex: "half" },
  } as RequestInit);

describe("the delivery store", () => {
  it("may say null for what it does not know: the delivery is done", async () => {
    const stored = new Map<string, unknown>();
    const likeRedis = {
      get: async (key: string) => stored.get(key) ?? null,
      set: async (key: string, value: unknown) => stored.set(key, String(value)),
    };
    const { handler } = setup({ deliveries: keyvDeliveries(likeRedis) });
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["duplicate"]);
  });

  it.each(["has", "add"] as const)("that hangs in %s is given up, like one that fails", async (method) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { has, add } = memoryDeliveries();
    const deliveries = { has, add, [method]: () => new Promise<never>(() => {}) };
    const { handler, fake, log } = setup({ deliveries, respondWithinMs: 60_000 });
    let answered = false;
    const answer = told(handler(deliveryOf(event, { id: "a" }))).finally(() => {
      answered = true;
    });
    while (!answered) {
      await new Promise(setImmediate); // signatures are checked outside of the clock's reach
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(outcomes(await answer)).toEqual(["created"]);
    expect(fake.users).toHaveLength(1);
    expect(log.text).toContain("the delivery store");
  });
});

describe("a delivery id that is no text", () => {
  it.each([
    ["a promise", async () => "evt_1"],
    ["an object", () => ({ id: "evt_1" })],
    ["true", () => true],
  ])("%s: 500, where other deliveries would be taken for this one", async (_, deliveryId) => {
    const { handler, fake, log } = setup({ verify: "none", deliveryId: deliveryId as never });
    expect((await handler(post({}, body))).status).toBe(500);
    expect(log.text).toContain("deliveryId");
    expect(fake.requests).toEqual([]);
  });

  it("a number is one", async () => {
    const { handler } = setup({ verify: "none", deliveryId: (() => 17) as never });
    expect(outcomes(await told(handler(post({}, body))))).toEqual(["created"]);
    expect(outcomes(await told(handler(post({}, body))))).toEqual(["duplicate"]);
  });
});

describe("a forged delivery is answered 401", () => {
  it.each([
    ["arrays", "[", "]"],
    ["objects", '{"a":', "}"],
  ])("though its %s are nested without end, and at no great cost", async (_, open, close) => {
    for (const depth of [400, 5_000, 10_000]) {
      const deep = `${open.repeat(depth)}1${close.repeat(depth)}`;
      const verify = hmacSignature({ header: "x-sig", encoding: "hex", secrets: ["hush"] });
      const { handler, log } = setup({ verify });
      const startedAt = performance.now();
      expect((await handler(post({ "x-sig": "00".repeat(32) }, deep))).status).toBe(401);
      expect(performance.now() - startedAt).toBeLessThan(500);
      expect(log.text).toContain("fits none of the secrets");
    }
  });

  it.each([
    [() => Promise.reject(new Error("hush"))],
    [
      () => {
        throw new Error("hush");
      },
    ],
  ])("though the verifier cannot say why", async (reason) => {
    const { handler, log } = setup({ verify: () => ({ genuine: false, reason }) });
    expect((await handler(post({}, body))).status).toBe(401);
    expect(log.text).toContain("(401)");
    expect(log.text).not.toContain("hush");
  });
});

it("a flood of what is no delivery writes no flood of lines", async () => {
  const { handler, log } = setup({ maxBodyBytes: 10 });
  for (let n = 0; n < 60; n += 1) {
    await handler(post({ "content-type": "text/plain" }, body));
    await handler(post({}, "x".repeat(11)));
    await handler(post({}, "x"));
  }
  expect(log.lines.length).toBeLessThanOrEqual(60);
});

describe("map that asks Oplead", () => {
  it("503 and Retry-After while it is down", async () => {
    const { handler, fake, oplead, log } = setup({
      map: async (event) => {
        await oplead.listCountries();
        return toEntry(event);
      },
    });
    fake.fail({ on: "listCountries", as: { status: 503 } });
    const answer = await told(handler(deliveryOf(event, { id: "a" })));
    expect(answer).toMatchObject({ status: 503, retryAfter: 30, body: { error: "oplead_unavailable" } });
    expect(log.text).toContain("listCountries");
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  });

  it("500 where repeating changes nothing", async () => {
    const { handler, oplead } = setup({
      map: async (event) => {
        await oplead.getCountry("XX");
        return toEntry(event);
      },
    });
    expect((await handler(deliveryOf(event))).status).toBe(500);
  });
});

it("an error of map is logged with its place, whatever lines its message has", async () => {
  const { handler, log } = setup({
    map: () => {
      throw new Error("cannot read\n    at Martin, 1 rue de la Paix");
    },
  });
  expect((await handler(deliveryOf(event))).status).toBe(500);
  expect(log.text).toContain("trouble.test.ts");
  expect(log.text).not.toContain("Martin");
});

it("a ledger in a Keyv that is down is not called Oplead", async () => {
  const down = () => Promise.reject(new Error("redis://user:password@host"));
  const keyv = { throwOnErrors: true, get: down, set: down, iterator: async function* () {} };
  const { handler, log } = setup({ ledger: keyvLedger(keyv) });
  expect(await told(handler(deliveryOf(event)))).toMatchObject({ status: 503, body: { error: "not_recorded" } });
  expect(log.text).toMatch(/error .*ledger/);
  expect(log.text).not.toContain("password");
});

it("a logger that fails changes no answer", async () => {
  const fail = () => {
    throw new Error("the disk is full");
  };
  const reject = (async () => fail()) as () => never;
  for (const write of [fail, reject]) {
    const logger: OpleadLogger = { debug: write, info: write, warn: write, error: write };
    const { handler } = setup({ logger });
    expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(200);
    expect((await handler(rawDelivery("{"))).status).toBe(400);
    expect((await handler(post({}, body))).status).toBe(401);
    const buggy = setup({ logger, map: fail });
    expect((await buggy.handler(deliveryOf(event))).status).toBe(500);
  }
});

it("a body that never ends being cancelled: 413 at once", async () => {
  const stuck = () => new ReadableStream({ cancel: () => new Promise(() => {}) });
  const { handler } = setup({ maxBodyBytes: 10 });
  const answer = await Promise.race([
    handler(post({ ...signedHeaders("{}"), "content-length": "11" }, stuck())),
    new Promise((resolve) => setTimeout(resolve, 500, "hangs")),
  ]);
  expect(answer).toMatchObject({ status: 413 });
});

describe("toNodeListener never rejects", () => {
  it("where something else has answered already", async () => {
    const { handler, fake } = setup();
    fake.delay({ ms: 20 });
    const settled: unknown[] = [];
    const listener = toNodeListener(handler);
    const url = await serve((request, response) => {
      setTimeout(() => response.writeHead(504).end(), 5); // as a middleware that limits the time
      listener(request, response).then(
        () => settled.push("resolved"),
        (error) => settled.push(error),
      );
    });
    expect((await fetch(url, { method: "POST", headers: signedHeaders(body), body })).status).toBe(504);
    await expect.poll(() => settled).toEqual(["resolved"]);
    expect(fake.users).toHaveLength(1);
  });

  it("where a header is none to the Web", async () => {
    const settled: unknown[] = [];
    const listener = toNodeListener(setup().handler);
    const server = createServer({ insecureHTTPParser: true }, (request, response) => {
      listener(request, response).then(
        () => settled.push("resolved"),
        (error) => settled.push(error),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const socket = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
    onTestFinished(() => void socket.destroy());
    socket.write("POST / HTTP/1.1\r\nhost: a\r\nx-odd: a\u0000b\r\ncontent-length: 0\r\n\r\n");
    const answer = await new Promise<string>((resolve) => socket.once("data", (data) => resolve(data.toString())));
    expect(answer.slice(9, 12)).toBe("400");
    await expect.poll(() => settled).toEqual(["resolved"]);
  });
});
