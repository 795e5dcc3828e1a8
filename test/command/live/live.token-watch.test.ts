import { expect, it, onTestFinished } from "vitest";
import { TokenWatch } from "../../../src/command/live/live.ts";
import { createOplead, type OpleadOptions } from "../../../src/index.ts";
import { createFakeOplead } from "../../../src/testing/index.ts";
import { user } from "../../support/users.ts";

async function watched(options: OpleadOptions = {}) {
  const clock = { now: 0 };
  const fake = createFakeOplead();
  const server = await fake.listen();
  onTestFinished(() => server.close());
  const watch = new TokenWatch(() => clock.now);
  const oplead = createOplead({
    ...{ token: "fake-token", baseUrl: server.url, rateLimit: false, retry: { baseMs: 1 } },
    ...options,
    hooks: watch.hooks,
  });
  return { clock, fake, watch, oplead, check: () => watch.check(oplead) };
}

it("the watch over the token asks Oplead once if nothing else was sent, and not again for five minutes", async () => {
  const { clock, fake, check } = await watched();
  await Promise.all([check(), check()]);
  for (let i = 0; i < 299; i += 1) {
    clock.now += 1_000;
    await check();
  }
  expect(fake.requests).toHaveLength(1);
  clock.now += 2_000;
  await check();
  expect(fake.requests).toHaveLength(2);
});

it("the watch over the token asks nothing while other requests show that Oplead accepts the token", async () => {
  const { clock, fake, check, oplead } = await watched();
  for (let i = 0; i < 5; i += 1) {
    await oplead.upsertUser(user(i));
    clock.now += 250_000;
    await check();
  }
  expect(fake.requests.filter(({ method }) => method === "GET")).toEqual([]);
});

it("the watch over the token reports a refused token at once, and notices when it is accepted", async () => {
  const { clock, fake, check, oplead } = await watched();
  await check();
  const refusal = fake.fail({ as: { status: 401 } });
  await expect(oplead.upsertUser(user(1))).rejects.toMatchObject({ code: "unauthorized" });
  const before = fake.requests.length;
  for (let i = 0; i < 25; i += 1) {
    await expect(check()).rejects.toMatchObject({ code: "unauthorized" });
    clock.now += 1_000;
  }
  expect(fake.requests).toHaveLength(before);
  refusal.remove();
  clock.now += 6_000;
  await check();
  expect(fake.requests).toHaveLength(before + 1);
});

it("the watch over the token does not blame the token for an outage, a refused user or a 403", async () => {
  const { clock, fake, check } = await watched();
  for (const status of [503, 403, 404]) {
    fake.fail({ as: { status }, times: 1 });
    await check();
    clock.now += 301_000;
  }
  fake.fail({ as: { status: 503 }, times: 1 });
  await check();
  const before = fake.requests.length;
  clock.now += 31_000;
  await check();
  expect(fake.requests).toHaveLength(before + 1);
});

it("the watch over the token says that there is no token if the config's function fails", async () => {
  let isUp = false;
  const token = () => (isUp ? Promise.resolve("fake-token") : Promise.reject(new Error("vault down")));
  const { clock, fake, check } = await watched({ token });
  await expect(check()).rejects.toMatchObject({ code: "token_unavailable" });
  expect(fake.requests).toEqual([]);
  isUp = true;
  clock.now += 31_000;
  await check();
  expect(fake.requests).toHaveLength(1);
});
