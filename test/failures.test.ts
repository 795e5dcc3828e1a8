import { expect, it, vi } from "vitest";
import { createOplead, OpleadError, type OpleadOptions } from "../src/index.ts";
import { memoryLedger, planSync } from "../src/sync/index.ts";
import { createFakeOplead, type FakeOplead } from "../src/testing/index.ts";
import { failureOf } from "./support/failure.ts";
import { user } from "./support/users.ts";

const TOKEN = "tok-3f9c1b7e";
const u = user(1);
const fast = { attempts: 2, baseMs: 1, maxMs: 1 };
type Answer = Parameters<FakeOplead["fail"]>[0]["as"];

function connected(options: OpleadOptions = {}, as?: Answer) {
  const fake = createFakeOplead({ token: TOKEN });
  if (as !== undefined) fake.fail({ as, times: 99 });
  const oplead = createOplead({ token: TOKEN, fetch: fake.fetch, retry: fast, rateLimit: false, ...options });
  return { fake, oplead };
}

const updated = (as: Answer, options?: OpleadOptions) => connected(options, as).oplead.updateUser("A-1", u);
const html = { status: 200, body: "<html>", headers: { "content-type": "text/html" } };
const refused = { connect: Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" }) };
const planned = (more: object) => {
  const given = { ledger: memoryLedger(), source: [u], key: (one: typeof u) => one.accountNumber, ...more };
  return planSync(connected().oplead, { map: (one: typeof u) => ({ user: one }), ...given } as never);
};

const paths = (...names: string[]) => names.map((path) => expect.objectContaining({ path }));
const FAILURES: [failure: string, fail: () => unknown, error: object][] = [
  [
    "no token",
    () => createOplead({ baseUrl: "https://x.example" }),
    { code: "invalid_options", issues: paths("token") },
  ],
  ["a wrong option", () => connected({ timeoutMs: -1 }), { code: "invalid_options", issues: paths("timeoutMs") }],
  [
    "a wrong user",
    () => connected().oplead.upsertUser({ ...u, email: "x", login: "" }),
    { code: "invalid_input", issues: paths("login", "email"), retryable: false },
  ],
  [
    "a wrong rule",
    () => connected().oplead.setRules("A-1", { maxDistance: -1 }),
    { code: "invalid_input", issues: paths("maxDistance") },
  ],
  [
    "a token function that throws",
    () => connected({ token: () => Promise.reject(new Error(TOKEN)) }).oplead.listCountries(),
    { code: "token_unavailable", retryable: true, requests: 0, thrown: new Error(TOKEN) },
  ],
  [
    "a token function without a token",
    () => connected({ token: () => "" }).oplead.listCountries(),
    { code: "token_unavailable", issues: paths("token") },
  ],
  ["a wrong token", () => updated({ status: 401, body: {} }), { code: "unauthorized", status: 401, retryable: false }],
  ["a right that the token lacks", () => updated({ status: 403, body: {} }), { code: "forbidden", status: 403 }],
  ["an unknown user", () => connected().oplead.updateUser("A-1", u), { code: "not_found", status: 404, requests: 1 }],
  [
    "a value that must be unique",
    () => updated({ status: 409, body: { errors: { email: ["taken"] } } }),
    { code: "conflict", status: 409, issues: [expect.objectContaining({ path: "email", said: "taken" })] },
  ],
  [
    "a refused field",
    () => updated({ status: 422, body: { errors: [{ field: "zip_code", message: "odd" }] } }),
    { code: "refused", status: 422, issues: [expect.objectContaining({ path: "zipCode", said: "odd" })] },
  ],
  ["a refusal without fields", () => updated({ status: 400, body: {} }), { code: "refused", status: 400, issues: [] }],
  [
    "too many requests",
    () => updated({ status: 429, body: {}, retryAfter: 3_600 }),
    { code: "rate_limited", status: 429, retryAfterMs: 3_600_000, retryable: true },
  ],
  [
    "an error of Oplead",
    () => updated({ status: 500, body: { status: 500 } }),
    { code: "server_error", status: 500, requests: 2, retryable: true, fromOplead: true },
  ],
  ["a page instead of an answer", () => updated(html), { code: "unexpected_response", status: 200, fromOplead: false }],
  [
    "a proxy that asks for a password",
    () => updated({ ...html, status: 407 }),
    { code: "unexpected_response", status: 407, fromOplead: false },
  ],
  [
    "no connection",
    () => connected({ fetch: () => Promise.reject(refused.connect) }).oplead.listCountries(),
    { code: "connection", retryable: true, cause: expect.objectContaining({ code: "ECONNREFUSED" }) },
  ],
  [
    "a mistake in a fetch",
    () => connected({ fetch: () => Promise.reject(new ReferenceError("x is not defined")) }).oplead.listCountries(),
    { code: "invalid_options", issues: [expect.objectContaining({ path: "fetch", code: "fetch_failed" })] },
  ],
  [
    "no answer in time",
    () => updated("hang", { timeoutMs: 20, retry: false }),
    { code: "timeout", requests: 1, retryable: true },
  ],
  [
    "a deadline in flight",
    () => updated("hang", { deadlineMs: 20 }),
    { code: "deadline", requests: 1, retryable: true },
  ],
  [
    "a deadline before the request",
    () => {
      const options = { rateLimit: { requests: 1, perMs: 60_000 }, deadlineMs: 50 };
      const { oplead } = connected(options, { status: 200, body: { id: "1" } });
      return Promise.all([1, 2, 3].map((one) => oplead.updateUser("1", user(one))));
    },
    { code: "deadline", requests: 0, retryable: true },
  ],
  [
    "an abort",
    () => connected().oplead.listCountries({ signal: AbortSignal.abort("enough") }),
    { code: "aborted", name: "AbortError", thrown: "enough" },
  ],
  [
    "a creation without an answer",
    () => connected({ retry: false }, "reset").oplead.createUser(u),
    { code: "ambiguous_creation", requests: 1 },
  ],
  [
    "a rule that is refused",
    () => {
      const { fake, oplead } = connected();
      fake.fail({ on: "setMaxDistanceRule", as: { status: 422, body: {} }, times: 9 });
      return oplead.upsertUser(u, { rules: { maxDistance: 30 } });
    },
    {
      code: "incomplete",
      result: expect.objectContaining({ outcome: "incomplete", applied: ["user"], id: expect.any(String) }),
      cause: expect.objectContaining({ code: "refused", status: 422 }),
    },
  ],
  [
    "a source that throws",
    () => planned({ source: () => Promise.reject(new Error(TOKEN)) }),
    { code: "source_failed", retryable: true, thrown: new Error(TOKEN) },
  ],
  [
    "a plan with too many new users",
    async () =>
      (await planned({ source: Array.from({ length: 101 }, (_, i) => user(i)), guard: { maxNew: 0 } })).apply(),
    { code: "sync_refused", findings: [expect.anything()], hash: expect.any(String) },
  ],
  [
    "a ledger that fails",
    () =>
      planned({
        ledger: {
          ...memoryLedger(),
          entries: () => {
            throw new Error(TOKEN);
          },
        },
      }),
    { code: "ledger_unavailable", thrown: new Error(TOKEN) },
  ],
];

it.each(FAILURES)(
  "%s: the error tells what a program needs, and how it is printed no secret",
  async (_failure, fail, facts) => {
    vi.stubEnv("OPLEAD_TOKEN", undefined);
    const error = await failureOf((async () => fail())());
    expect(error).toBeInstanceOf(OpleadError);
    expect(error).toMatchObject(facts);
    expect(error.docs).toBe(error.code);
    expect(error.toJSON()).toMatchObject({ code: error.code, retryable: error.retryable });
    for (const shown of [error.message, error.supportReport(), JSON.stringify(error)])
      expect(shown).not.toContain(TOKEN);
  },
);
