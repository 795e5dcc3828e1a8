import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createFakeOplead, type FakeOplead } from "../../src/testing/index.ts";
import { caller, head, region, transports } from "./helpers.ts";

describe.each(transports)("when: { lateMs } through %s", (_, open) => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
  });
  async function settled(fake: FakeOplead, ms = 150) {
    const all = fake.settled();
    await vi.advanceTimersByTimeAsync(ms);
    await all;
  }

  it("a POST that was answered 504 creates its user later", async () => {
    const { fake, call } = await open();
    const fault = fake.fail({ on: "createUser", as: { gateway: 504 }, when: { lateMs: 150 } });
    expect((await call("POST", "/v1/users", head())).status).toBe(504);
    expect(fake.users).toEqual([]);
    expect(fake.requests[0]).toMatchObject({ status: 504, acted: false });
    await vi.advanceTimersByTimeAsync(149);
    expect(fake.users).toEqual([]);
    await settled(fake, 1);
    expect(fake.users).toHaveLength(1);
    expect(fake.requests[0]).toMatchObject({ status: 504, acted: true });
    expect(fault.hits).toBe(1);
  });

  it("a write is answered as usual but takes effect later, with the id of the answer", async () => {
    const { fake, call } = await open({ users: [head()] });
    fake.fail({ on: "createUser", as: "normal", when: { lateMs: 150 } });
    const { status, json } = await call("POST", "/v1/users", region());
    expect(status).toBe(201);
    expect((await call("PUT", `/v1/users/${json.id}`, region())).status).toBe(404);
    await settled(fake);
    expect((await call("PUT", `/v1/users/${json.id}`, region())).status).toBe(200);
  });

  it("a call that Oplead refuses has no late write, and neither has a call in test mode", async () => {
    const { fake, call } = await open();
    fake.fail({ as: "normal", when: { lateMs: 1 }, times: 2 });
    expect((await call("POST", "/v1/users", {})).status).toBe(422);
    expect((await call("POST", "/v1/users?test=true", head())).status).toBe(201);
    await settled(fake);
    expect(fake.users).toEqual([]);
  });

  it("a late write does not happen if its accountNumber was taken in between, where they are unique", async () => {
    const { fake, call } = await open();
    fake.fail({ on: "createUser", as: { status: 503 }, when: { lateMs: 150 } });
    await call("POST", "/v1/users", head());
    expect((await call("POST", "/v1/users", head({ lastname: "Second" }))).status).toBe(201);
    await settled(fake);
    expect(fake.users.map(({ lastname }) => lastname)).toEqual(["Second"]);
    expect(fake.requests.map(({ acted }) => acted)).toEqual([false, true]);
  });
});

it("reset() ends late writes, late answers, and a call whose body is still being read", async () => {
  const fake = createFakeOplead();
  const call = caller(fake.fetch, "https://api.oplead.com");
  fake.fail({ as: "normal", when: { lateMs: 60_000 } });
  expect((await call("POST", "/v1/users", head())).status).toBe(201);
  fake.delay({ ms: 60_000, when: "after" });
  const late = call("GET", "/v1/types/countries");
  await fake.until(({ requests }) => requests.length === 2);
  const reading = call("POST", "/v1/users", head());
  fake.reset();
  for (const ended of [late, reading]) await expect(ended).rejects.toThrow("fetch failed");
  await fake.settled();
  expect(fake.users).toEqual([]);
});

it("a lateMs that is negative or ends before it begins is refused, and a plain fault needs one", () => {
  const fake = createFakeOplead();
  expect(() => fake.fail({ as: "hang", when: { lateMs: -1 } })).toThrow(RangeError);
  expect(() => fake.fail({ as: "hang", when: { lateMs: [2, 1] } })).toThrow(RangeError);
  expect(() => fake.fail({ as: "normal" })).toThrow('as: "normal" needs when: { lateMs }.');
});
