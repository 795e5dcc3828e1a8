import { describe, expect, it } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { caller, head, region, transports } from "./helpers.ts";

const distance = { maxDistance: 30 };

describe.each(transports)("fake.lag() through %s", (_, open) => {
  async function lagging(options = {}) {
    let time = 0;
    const opened = await open({ ...options, now: () => time });
    return { ...opened, passTo: (now: number) => (time = now) };
  }

  it("a created user is unknown to every look-up until the lag is over", async () => {
    const { fake, call, passTo } = await lagging();
    const lag = fake.lag(200);
    const { json, status } = await call("POST", "/v1/users", head());
    expect(status).toBe(201);
    const attempts = async () => [
      (await call("PUT", `/v1/users/${json.id}`, head())).status,
      (await call("PUT", "/v1/users/NET-1", head())).status,
      (await call("PUT", "/v1/users/NET-1/rule/max-distance", distance)).status,
      (await call("POST", "/v1/users?test=true", region())).status,
    ];
    passTo(199);
    expect(await attempts()).toEqual([404, 404, 404, 422]);
    expect(lag.hits).toBe(4);
    passTo(200);
    expect(await attempts()).toEqual([200, 200, 200, 201]);
    expect(lag.hits).toBe(4);
  });

  it("a second POST creates a duplicate if uniqueness is checked against the lagging replica", async () => {
    const { fake, call, passTo } = await lagging();
    fake.lag({ ms: 200, reads: ["unique"] });
    const statuses = [];
    for (let i = 0; i < 2; i += 1) statuses.push((await call("POST", "/v1/users", head())).status);
    statuses.push((await call("PUT", "/v1/users/NET-1/rule/max-distance", distance)).status);
    passTo(200);
    statuses.push((await call("POST", "/v1/users", head())).status);
    expect(statuses).toEqual([201, 201, 200, 409]);
    expect(fake.duplicates()).toEqual(["NET-1"]);
    await call("PUT", "/v1/users/100001", head({ accountNumber: "NET-2" }));
    expect(fake.duplicates()).toEqual([]);
  });

  it("if the option reads lists kinds of look-ups, only look-ups of these kinds miss a write", async () => {
    const { fake, call } = await lagging();
    const lag = fake.lag({ ms: 200, reads: ["rule"] });
    await call("POST", "/v1/users", head());
    expect((await call("PUT", "/v1/users/NET-1", head())).status).toBe(200);
    expect((await call("POST", "/v1/users", region())).status).toBe(201);
    const ruleStatus = async () => (await call("PUT", "/v1/users/NET-1/rule/max-distance", distance)).status;
    expect(await ruleStatus()).toBe(404);
    for (const _twice of [1, 2]) lag.remove();
    expect(await ruleStatus()).toBe(200);
  });
});

const lagging = () => {
  const fake = createFakeOplead({ now: () => 0 });
  return { fake, call: caller(fake.fetch, "https://api.oplead.com") };
};

it("fake.lag() refuses negative milliseconds, and an unknown name in reads", () => {
  const { fake } = lagging();
  expect(() => fake.lag(-1)).toThrow("ms must be 0 or more, not -1.");
  // @ts-expect-error There is no such look-up.
  expect(() => fake.lag({ ms: 1, reads: ["users"] })).toThrow('No look-up is called "users"');
});
