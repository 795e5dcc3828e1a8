import { expect, it, vi } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { head } from "./helpers.ts";

const headers = { authorization: "Bearer fake-token" };
const url = "https://api.oplead.com/v1/users";

const body = JSON.stringify(head());

it.each<[string, () => Parameters<typeof fetch>]>([
  ["a string", () => [url, { method: "POST", headers, body }]],
  ["a URL", () => [new URL(url), { method: "post", headers: Object.entries(headers), body }]],
  ["a Request", () => [new Request(url, { method: "POST", headers, body })]],
  ["a Request and init", () => [new Request(url, { method: "PUT", body }), { method: "POST", headers }]],
  [
    "Headers and bytes",
    () => [url, { method: "POST", headers: new Headers(headers), body: new TextEncoder().encode(body) }],
  ],
  ["a Blob", () => [url, { method: "POST", headers, body: new Blob([body]) }]],
  [
    "a stream",
    () => [url, { method: "POST", headers, body: new Blob([body]).stream(), duplex: "half" } as RequestInit],
  ],
])("fake.fetch takes %s", async (_name, args) => {
  const fake = createFakeOplead();
  const { fetch } = fake;
  const response = await fetch(...args());
  expect(response).toBeInstanceOf(Response);
  expect([response.status, response.ok]).toEqual([201, true]);
  expect(fake.users).toEqual([await response.json()]);
});

it("fake.fetch answers for any host", async () => {
  const { fetch } = createFakeOplead();
  expect((await fetch("http://localhost:1/v1/types/countries", { headers })).status).toBe(200);
});

it("fake.fetch rejects what fetch rejects: a relative address, a body that was read", async () => {
  const { fetch } = createFakeOplead();
  await expect(fetch("/v1/users")).rejects.toThrow(TypeError);
  const request = new Request(url, { method: "POST", headers, body });
  await request.text();
  await expect(fetch(request)).rejects.toThrow(TypeError);
});

it.each([
  ["the argument init", (signal: AbortSignal) => [url, { signal, headers, method: "POST", body }]],
  ["a Request", (signal: AbortSignal) => [new Request(url, { signal, headers, method: "POST", body })]],
] as [string, (signal: AbortSignal) => Parameters<typeof fetch>][])(
  "fake.fetch obeys the signal of %s",
  async (_name, args) => {
    const fake = createFakeOplead();
    await expect(fake.fetch(...args(AbortSignal.abort()))).rejects.toMatchObject({ name: "AbortError" });
    expect(fake.requests).toEqual([]);

    fake.fail({ as: "hang" });
    const controller = new AbortController();
    const pending = fake.fetch(...args(controller.signal));
    await vi.waitFor(() => expect(fake.requests).toHaveLength(1));
    const reason = new Error("enough");
    controller.abort(reason);
    // The built-in Request may wrap the abort reason.
    await expect(pending).rejects.toMatchObject({ message: "enough" });
  },
);
