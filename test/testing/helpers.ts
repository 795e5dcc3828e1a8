import { afterEach, expect } from "vitest";
import { createFakeOplead, type FakeOplead, type FakeOpleadOptions } from "../../src/testing/index.ts";
import type { FakeUserInput } from "../../src/testing/user.ts";
import { problemsOfAnswer } from "./document.ts";

interface Seen {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies freely
  json: any;
}

export type Call = (method: string, path: string, body?: unknown, init?: RequestInit) => Promise<Seen>;

interface Opened {
  fake: FakeOplead;
  call: Call;
}

type Open = (options?: FakeOpleadOptions) => Promise<Opened>;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

export function caller(fetch: typeof globalThis.fetch, baseUrl: string): Call {
  return async (method, path, body, init = {}) => {
    const { headers, ...rest } = init;
    const response = await fetch(baseUrl + path, {
      method,
      headers: { authorization: "Bearer fake-token", "content-type": "application/json", ...(headers as object) },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      ...rest,
    });
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text, json };
  };
}

// Except answers of faults and refusals of strict mode.
function conforming(fake: FakeOplead, call: Call): Call {
  let calls = 0;
  return async (method, path, body, init = {}) => {
    calls += 1;
    const mark = String(calls);
    const seen = await call(method, path, body, { ...init, headers: { ...init.headers, "x-test-call": mark } });
    const entry = fake.requests.find(({ headers }) => headers["x-test-call"] === mark);
    if (!entry || entry.fault !== undefined || entry.violations.length > 0) return seen;
    const problems = problemsOfAnswer(entry, seen);
    if (problems) expect(problems, `${method} ${path}: ${seen.text}`).toEqual([]);
    return seen;
  };
}

export const transports: [string, Open][] = [
  [
    "fake.fetch",
    async (options) => {
      const fake = createFakeOplead(options);
      return { fake, call: conforming(fake, caller(fake.fetch, "https://api.oplead.com")) };
    },
  ],
  [
    "HTTP",
    async (options) => {
      const fake = createFakeOplead(options);
      const listener = await fake.listen();
      cleanups.push(() => listener.close());
      return { fake, call: conforming(fake, caller(globalThis.fetch, listener.url)) };
    },
  ],
];

export function head(fields: Partial<FakeUserInput> = {}): FakeUserInput {
  return {
    accountNumber: "NET-1",
    civility: "M.",
    firstname: "Zoé",
    lastname: "Lefèvre",
    login: `login-${fields.accountNumber ?? "NET-1"}`,
    email: "zoe@dealers.example",
    address: { street: "1 rue de l'Église", zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
    profile: { code: "PRF_NETWORK" },
    ...fields,
  };
}

export const region = (fields: Partial<FakeUserInput> = {}): FakeUserInput =>
  head({ accountNumber: "REG-1", profile: { code: "PRF_REGION" }, parentUserIdentifier: "NET-1", ...fields });

export function without(user: FakeUserInput, ...fields: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(user).filter(([field]) => !fields.includes(field)));
}
