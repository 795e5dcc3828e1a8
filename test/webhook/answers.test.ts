/** What the sender is told, status by status; and what neither it nor the log is told. */
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { maxDistance } from "../../src/index.ts";
import type { WebhookRejection } from "../../src/webhook/index.ts";
import {
  deliveryOf,
  outcomes,
  personUser,
  rawDelivery,
  setup,
  signedHeaders,
  toEntry,
  told,
} from "../support/webhook.ts";

const event = { number: 1, revision: 1 };
const personal = /person-\d|Martin|Bourg|rue de la Paix|login-\d|@/;

describe("200", () => {
  it("says what became of each entry", async () => {
    const { handler, fake } = setup({
      map: ({ number }) => [toEntry(event), toEntry({ number, revision: 1, maxDistance: 30 })],
    });
    const answer = await told(handler(deliveryOf({ number: 2 })));
    expect(answer).toMatchObject({ status: 200, body: { testMode: false } });
    expect(outcomes(answer)).toEqual(["created", "created"]);
    expect(outcomes(await told(handler(deliveryOf({ number: 3 }))))).toEqual(["updated", "created"]);
    expect(fake.users.map(({ accountNumber }) => accountNumber)).toEqual(["ACC-1", "ACC-2", "ACC-3"]);
    expect(fake.rules("ACC-2")?.maxDistance).toEqual({ maxDistance: 30 });
    expect(answer.text).not.toMatch(personal);
  });

  it("for an event that does not concern Oplead: null, or no entries", async () => {
    for (const nothing of [null, []]) {
      const { handler, fake } = setup({ map: () => nothing });
      expect(outcomes(await told(handler(deliveryOf(event))))).toEqual(["ignored"]);
      expect(fake.requests).toEqual([]);
    }
  });

  it("tells map the headers and the delivery's id", async () => {
    let seen: unknown;
    const { handler } = setup({
      map: (_, { headers, deliveryId }) => {
        seen = [headers.get("webhook-id"), deliveryId];
        return null;
      },
    });
    await handler(deliveryOf(event, { id: "msg_of_map" }));
    expect(seen).toEqual(["msg_of_map", "msg_of_map"]);
  });
});

describe("what cannot be a delivery", () => {
  it.each(["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])("405 for %s", async (method) => {
    const { handler } = setup();
    const response = await handler(new Request("http://r.example/", { method }));
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it.each([
    ["application/x-www-form-urlencoded", 415],
    ["text/plain", 415],
    ["application/jsonp", 415],
    ["text/html; a=application/json", 415],
    ["application/json", 200],
    ["Application/JSON ; charset=utf-8", 200],
    ["application/cloudevents+json", 200],
  ])("%s: %i", async (type, status) => {
    const { handler, fake } = setup();
    const body = JSON.stringify(event);
    const headers = { ...signedHeaders(body), "content-type": type };
    const response = await handler(new Request("http://r.example/", { method: "POST", headers, body }));
    expect(response.status).toBe(status);
    expect(fake.users).toHaveLength(status === 200 ? 1 : 0);
  });

  it("415 for a missing content type, and for a compressed body", async () => {
    const { handler } = setup();
    const body = new TextEncoder().encode(JSON.stringify(event));
    expect((await handler(new Request("http://r.example/", { method: "POST", body }))).status).toBe(415);
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    expect((await handler(new Request("http://r.example/", { method: "POST", headers, body }))).status).toBe(415);
  });

  it.each([["not JSON"], [""], ["{"], ['{"a":1}x']])("400 for %j, though it is signed", async (body) => {
    const { handler, fake } = setup();
    expect(await told(handler(rawDelivery(body)))).toMatchObject({ status: 400, body: { error: "invalid_json" } });
    expect(fake.requests).toEqual([]);
  });

  it("400 for what is not UTF-8, and for nesting without end", async () => {
    const { handler, log } = setup({ verify: "none" });
    const headers = { "content-type": "application/json" };
    const broken = Uint8Array.from([0x22, 0xe9, 0x22]);
    expect((await handler(new Request("http://r.example/", { method: "POST", headers, body: broken }))).status).toBe(
      400,
    );
    const deep = `{"__proto__":1,"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    const { status } = await handler(new Request("http://r.example/", { method: "POST", headers, body: deep }));
    expect(status).toBe(400);
    expect(log.text).toContain("not JSON");
  });

  it("500 at once when the body was read before", async () => {
    const { handler, log } = setup();
    const request = deliveryOf(event);
    await request.text();
    expect(await told(handler(request))).toMatchObject({ status: 500, body: { error: "body_already_read" } });
    expect(log.text).toContain("express.json()");
  });
});

describe("413", () => {
  it("by the byte", async () => {
    const body = JSON.stringify(event);
    const exact = setup({ maxBodyBytes: body.length });
    expect((await exact.handler(rawDelivery(body))).status).toBe(200);
    const short = setup({ maxBodyBytes: body.length - 1 });
    expect((await short.handler(rawDelivery(body))).status).toBe(413);
    expect(short.fake.requests).toEqual([]);
  });

  it("reads up to the limit and no further, of a body without end", async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          given += 1000;
          controller.enqueue(new Uint8Array(1000));
        },
      },
      { highWaterMark: 0 },
    );
    const { handler } = setup({ maxBodyBytes: 10_000 });
    const init = { method: "POST", headers: signedHeaders("{}"), body: endless, duplex: "half" };
    const response = await handler(new Request("http://r.example/", init as RequestInit));
    expect(response.status).toBe(413);
    expect(given).toBeGreaterThan(10_000);
    expect(given).toBeLessThanOrEqual(13_000);
  });

  it("reads nothing where the header says that it is too long", async () => {
    const pull = vi.fn();
    const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
    const { handler } = setup({ maxBodyBytes: 10_000 });
    const headers = { ...signedHeaders("{}"), "content-length": "10001" };
    const init = { method: "POST", headers, body, duplex: "half" };
    expect((await handler(new Request("http://r.example/", init as RequestInit))).status).toBe(413);
    expect(pull).not.toHaveBeenCalled();
  });
});

describe("400 for a mapping that is not valid", () => {
  it("lists every problem of every entry, sends nothing, and echoes nothing", async () => {
    const wrong = { ...personUser(event), email: "Martin@nowhere", lastname: "", address: { city: "Bourg" } };
    const { handler, fake, log } = setup({
      map: () => [
        toEntry(event),
        { user: wrong as never, rules: { maxDistance: -1 } },
        { user: { ...personUser(event), accountNumber: undefined }, version: Number.NaN },
      ],
    });
    const answer = await told(handler(deliveryOf(event)));
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_event" } });
    expect(answer.body.issues.map(({ path }: { path: string }) => path)).toEqual([
      "[1].user.lastname",
      "[1].user.email",
      "[1].user.address.zipCode",
      "[1].user.address.country",
      "[1].rules.maxDistance",
      "[2].user.accountNumber",
      "[2].version",
    ]);
    expect(answer.text + log.text).not.toMatch(/Martin|nowhere|Bourg/);
    expect(fake.requests).toEqual([]);
  });

  it.each([[5], ["ACC-1"], [{}], [{ user: null }]])("%j is no entry", async (mapped) => {
    const { handler, fake } = setup({ map: () => mapped as never });
    expect((await handler(deliveryOf(event))).status).toBe(400);
    expect(fake.requests).toEqual([]);
  });

  it("takes a validator's error for what it is, without its words", async () => {
    const issues = [
      { path: ["employee", "email"], message: "person-1@dealers.example is not welcome" },
      { path: [{ key: "byEmail" }, { key: "person-1@dealers.example" }], message: "no" },
    ];
    const error = Object.assign(new Error(JSON.stringify(issues)), { name: "ZodError", issues });
    const { handler, log } = setup({ map: () => Promise.reject(error) });
    const answer = await told(handler(deliveryOf(event)));
    expect(answer.status).toBe(400);
    expect(answer.body.issues.map(({ path }: { path: string }) => path)).toEqual(["employee.email", "byEmail.[…]"]);
    expect(answer.text + log.text).not.toContain("@");
  });

  it("keeps our own words", async () => {
    const { handler } = setup({ map: () => ({ user: personUser(event), rules: { maxDistance: maxDistance(-5) } }) });
    const answer = await told(handler(deliveryOf(event)));
    expect(answer.status).toBe(400);
    expect(answer.body.issues[0].message).not.toBe("is not valid");
  });

  it("500 for a bug in it: no stack, no words, and the log says where", async () => {
    const bug = ({ number }: { number: number }): never => {
      throw new TypeError(`person-${number}@dealers.example is not a function`);
    };
    const { handler, log } = setup({ map: bug });
    const answer = await told(handler(deliveryOf(event)));
    expect(answer).toMatchObject({ status: 500, body: { error: "internal" } });
    expect(answer.text).not.toMatch(/person|stack|\.ts/);
    expect(log.text).toContain("map threw a TypeError");
    expect(log.text).toContain("answers.test.ts");
    expect(log.text).not.toContain("@dealers");
    const forgetful = setup({ map: (() => undefined) as never });
    expect((await forgetful.handler(deliveryOf(event))).status).toBe(500);
  });
});

describe("when Oplead refuses for good", () => {
  const unknownProfile = () => ({ user: { ...personUser(event), profile: { code: "PRF_NOBODY" } } });

  it("200, with onRejected called, so that the sender does not hammer", async () => {
    const rejections: WebhookRejection[] = [];
    const onRejected = (rejection: WebhookRejection) => void rejections.push(rejection);
    const { handler, fake, log } = setup({ map: unknownProfile, onRejected });
    const answer = await told(handler(deliveryOf(event, { id: "msg_r" })));
    expect(answer).toMatchObject({ status: 200, body: { results: [{ outcome: "rejected", code: "rejected" }] } });
    expect(fake.users).toEqual([]);
    const [rejection] = rejections;
    expect(rejections).toHaveLength(1);
    expect(rejection).toMatchObject({ outcome: "rejected", deliveryId: "msg_r", testMode: false });
    expect(rejection?.error).toMatchObject({ code: "rejected", status: 422 });
    expect(rejection?.failed.map(({ step }) => step)).toEqual(["user"]);
    expect(rejection?.entry.user.email).toBe("person-1@dealers.example");
    expect(inspect(rejection, { showHidden: true, depth: 9 }) + JSON.stringify(rejection)).not.toMatch(personal);
    expect(answer.text + log.text).not.toMatch(personal);
  });

  it("422 where that is wanted, and a line in the log where nobody else is told", async () => {
    const { handler, log } = setup({ map: unknownProfile, rejectedStatus: 422 });
    expect((await handler(deliveryOf(event))).status).toBe(422);
    expect(log.lines.some((line) => line.startsWith("error") && line.includes("ACC-1: rejected"))).toBe(true);
  });

  it("is not done when onRejected fails: 503", async () => {
    let calls = 0;
    const { handler, log } = setup({
      map: unknownProfile,
      onRejected: async () => {
        calls += 1;
        if (calls === 1) throw new Error("the queue for person-1@dealers.example is down");
      },
    });
    const answer = await told(handler(deliveryOf(event, { id: "msg_q" })));
    expect(answer).toMatchObject({ status: 503, body: { error: "not_recorded" } });
    expect(answer.retryAfter).toBeGreaterThan(0);
    expect((await handler(deliveryOf(event, { id: "msg_q" }))).status).toBe(200);
    expect(calls).toBe(2);
    expect(log.text).not.toContain("@");
  });

  it("a repetition is tried again: somebody has put something right in Oplead", async () => {
    let code = "PRF_NOBODY";
    const { handler, fake } = setup({ map: () => ({ user: { ...personUser(event), profile: { code } } }) });
    expect(outcomes(await told(handler(deliveryOf(event, { id: "msg_again" }))))).toEqual(["rejected"]);
    code = "PRF_NETWORK";
    expect(outcomes(await told(handler(deliveryOf(event, { id: "msg_again" }))))).toEqual(["created"]);
    expect(outcomes(await told(handler(deliveryOf(event, { id: "msg_again" }))))).toEqual(["duplicate"]);
    expect(fake.users).toHaveLength(1);
  });

  it("a rule that is not enabled: the user is there, and the rest of the entries are done", async () => {
    const { handler, fake } = setup({
      platform: { disabledRules: ["maxDistance"] },
      map: () => [toEntry({ ...event, maxDistance: 30 }), toEntry({ number: 2, revision: 1 })],
    });
    expect(outcomes(await told(handler(deliveryOf(event))))).toEqual(["rejected", "created"]);
    expect(fake.users).toHaveLength(2);
  });
});

describe("503 with Retry-After when Oplead is down, and everything arrives in the end", () => {
  it.each([
    ["a 503", { as: { status: 503 } }],
    ["a 500", { as: { status: 500 } }],
    ["an empty 500", { as: "empty-500" }],
    ["a broken connection", { as: "reset" }],
    ["an HTML page", { as: "html-200" }],
    ["cut JSON", { as: "truncated-json" }],
    ["a token that is not accepted", { as: { status: 401 } }],
    ["a token without the right", { as: { status: 403 } }],
    ["a redirect, because baseUrl is wrong", { as: { status: 301 } }],
    ["a 404 for everything, because baseUrl is wrong", { as: { status: 404 } }],
  ] as const)("%s", async (_, { as }) => {
    const { handler, fake, log } = setup();
    const fault = fake.fail({ as, times: Number.POSITIVE_INFINITY });
    const answer = await told(handler(deliveryOf(event, { id: "msg_d" })));
    expect(answer).toMatchObject({ status: 503, body: { error: "oplead_unavailable" }, retryAfter: 30 });
    expect(answer.text + log.text).not.toMatch(personal);
    fault.remove();
    expect(outcomes(await told(handler(deliveryOf(event, { id: "msg_d" }))))).toEqual(["created"]);
    expect(fake.users).toHaveLength(1);
  });

  it("passes on how long Oplead asks to wait", async () => {
    const { handler, fake } = setup({ client: { deadlineMs: 1_000 } });
    fake.fail({ as: { status: 429, retryAfter: 77 } });
    expect(await told(handler(deliveryOf(event)))).toMatchObject({ status: 503, retryAfter: 77 });
  });

  it("stops at the first entry that has to come again", async () => {
    const { handler, fake } = setup({ map: () => [1, 2, 3].map((number) => toEntry({ number, revision: 1 })) });
    fake.fail({ on: ({ path }) => path.endsWith("ACC-2"), as: { status: 503 } });
    expect((await handler(deliveryOf(event, { id: "msg_s" }))).status).toBe(503);
    expect(fake.users.map(({ accountNumber }) => accountNumber)).toEqual(["ACC-1"]);
    expect(outcomes(await told(handler(deliveryOf(event, { id: "msg_s" }))))).toEqual([
      "updated",
      "created",
      "created",
    ]);
  });
});

describe("prototype keys", () => {
  it.each([
    ['{"__proto__":{"polluted":true},"number":1,"revision":1}'],
    ['{"\\u005f\\u005fproto__":{"polluted":true},"number":1,"revision":1}'],
    ['{"constructor":{"prototype":{"polluted":true}},"number":1,"revision":1}'],
    ['{"number":1,"revision":1,"deep":{"__proto__":{"polluted":true}}}'],
  ])("%s", async (body) => {
    const merged: Record<string, unknown>[] = [];
    const { handler, fake } = setup({
      map: (event) => {
        // A careless helper, as in many code bases.
        const merge = (target: Record<string, unknown>, from: Record<string, unknown>): void => {
          for (const name of Object.getOwnPropertyNames(from)) {
            const value = from[name];
            if (typeof value === "object" && value !== null && target[name])
              merge(target[name] as never, value as never);
            else target[name] = value;
          }
        };
        const target = { deep: {} };
        merge(target, event as never);
        merged.push(target, Object.assign({}, (event as { deep?: Record<string, unknown> }).deep));
        return toEntry(event);
      },
    });
    expect((await handler(rawDelivery(body))).status).toBe(200);
    expect(merged).toHaveLength(2);
    for (const object of [{}, ...merged]) expect((object as { polluted?: boolean }).polluted).toBeUndefined();
    expect(fake.users).toHaveLength(1);
  });

  it("leaves other keys alone", async () => {
    const map = vi.fn(() => null);
    const { handler } = setup({ map });
    const body = '{"constructor":"Renault","prototype":1,"__proto":2,"a":{"constructor":{"b":"\\u00e9\\u0061"}}}';
    await handler(rawDelivery(body));
    expect(map).toHaveBeenCalledWith(JSON.parse(body), expect.anything());
  });
});

describe("test mode", () => {
  it("is visible in answer, log and events, and writes nothing", async () => {
    const seen: boolean[] = [];
    const { handler, fake, log } = setup({
      client: { testMode: true },
      onOutcome: ({ testMode }) => void seen.push(testMode),
    });
    const answer = await told(handler(deliveryOf({ ...event, maxDistance: 3 })));
    expect(answer).toMatchObject({ status: 200, body: { testMode: true, results: [{ outcome: "created" }] } });
    expect(seen).toEqual([true]);
    expect(log.text).toContain("the webhook is in test mode");
    expect(
      log.lines.filter((line) => line.includes("ACC-1: created")).every((line) => line.includes("(test mode)")),
    ).toBe(true);
    expect(fake.users).toEqual([]);
    expect(fake.requests.every(({ testMode }) => testMode)).toBe(true);
  });

  it("does not make production take a delivery for done", async () => {
    const kept = new Set<string>();
    const deliveries = { has: (id: string) => kept.has(id), add: (id: string) => void kept.add(id) };
    const rehearsal = setup({ client: { testMode: true }, deliveries });
    expect((await rehearsal.handler(deliveryOf(event, { id: "msg_t" }))).status).toBe(200);
    expect(kept.size).toBe(1);
    const production = setup({ deliveries });
    expect(outcomes(await told(production.handler(deliveryOf(event, { id: "msg_t" }))))).toEqual(["created"]);
  });
});

it("onOutcome observes: what it throws changes nothing, and it prints no personal data", async () => {
  const seen: unknown[] = [];
  for (const fail of [
    () => {
      throw new Error("@");
    },
    async () => {
      throw new Error("@");
    },
  ]) {
    const { handler, log } = setup({
      onOutcome: (outcome) => {
        seen.push(outcome);
        return fail();
      },
    });
    expect((await handler(deliveryOf(event))).status).toBe(200);
    await new Promise(setImmediate);
    expect(log.text).toContain("onOutcome threw");
    expect(log.text).not.toContain("@");
  }
  expect(seen).toHaveLength(2);
  expect(seen[0]).toMatchObject({ outcome: "created", requests: 2 });
  expect(inspect(seen, { showHidden: true, depth: 9 }) + JSON.stringify(seen)).not.toMatch(personal);
});
