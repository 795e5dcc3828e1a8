import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Oplead, OpleadOptions } from "../../src/index.ts";
import { createFakeOplead, type FakeListener, type FakeOplead } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect as connectTo, type Seen, serve, sleep } from "../support/servers.ts";

let fake: FakeOplead;
let server: FakeListener;
beforeEach(async () => {
  fake = createFakeOplead();
  server = await fake.listen();
});
afterEach(() => server.close());

const connect = (options: OpleadOptions = {}): Oplead =>
  connectTo(server.url, {
    retry: { attempts: 2, baseMs: 1 },
    ...options,
  });

it("the request for reference data is aborted when the last caller who waits for it leaves", async () => {
  const silent = await serve(() => {});
  const oplead = connectTo(silent.url, { retry: false });
  const [first, last] = [new AbortController(), new AbortController()];
  const waiting = [first, last].map(({ signal }) => failureOf(oplead.listCountries({ signal })));
  await vi.waitFor(() => expect(silent.seen).toHaveLength(1));
  const { socket } = silent.seen[0] as Seen;
  first.abort();
  expect(await waiting[0]).toMatchObject({ code: "aborted" });
  await sleep(50);
  expect(socket.destroyed).toBe(false);
  last.abort(new Error("enough"));
  expect(await waiting[1]).toMatchObject({ code: "aborted", thrown: new Error("enough") });
  await vi.waitFor(() => expect(socket.destroyed).toBe(true));
  expect(silent.seen).toHaveLength(1);
});

it("each caller that waits for reference data has its own deadline", async () => {
  const oplead = connect();
  fake.delay({ ms: 200 });
  const patient = oplead.listUserProfiles();
  await expect(oplead.listUserProfiles({ deadlineMs: 20 })).rejects.toMatchObject({ code: "deadline" });
  expect(await patient).toHaveLength(3);
});

it("the request for reference data has the headers and the timeout of the call", async () => {
  const oplead = connect({ retry: false });
  await oplead.listCountries({ headers: { "x-trace": "abc" } });
  expect(fake.requests[0]?.headers).toMatchObject({ "x-trace": "abc" });
  fake.delay({ ms: 300 });
  const error = await failureOf(oplead.listUserProfiles({ timeoutMs: 20 }));
  expect(error).toMatchObject({ code: "timeout", message: expect.stringContaining("(timeoutMs)") });
});

it("reference data in an unexpected form ends the call with the code unexpected_response", async () => {
  for (const body of [{}, [], "[{}]", null, { counties: [] }]) {
    const fault = fake.fail({ on: "getCountry", as: { status: 200, body }, times: 2 });
    await expect(connect().getCountry("FR")).rejects.toMatchObject({ code: "unexpected_response" });
    fault.remove();
  }
});

it("an impossible country code is refused before anything is sent", async () => {
  for (const code of ["fr", "FRA", "", "..", undefined]) {
    const error = await failureOf(connect().getCountry(code as string));
    expect(error).toMatchObject({ code: "invalid_input", operation: "getCountry", issues: [{ path: "code" }] });
  }
  await expect(connect().getCountry("ZZ")).rejects.toMatchObject({ code: "not_found" });
  expect(fake.requests).toHaveLength(1);
});
