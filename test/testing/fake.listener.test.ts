import { connect } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { caller, head } from "./helpers.ts";

const headers = { authorization: "Bearer fake-token" };

it("a listener serves on 127.0.0.1, on a free port or the one that the options name", async () => {
  const fake = createFakeOplead();
  const first = await fake.listen();
  expect(first.url).toBe(`http://127.0.0.1:${first.port}`);
  await expect(fake.listen({ port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await first.close();
  const again = await fake.listen({ port: first.port });
  expect(again.port).toBe(first.port);
  expect((await fetch(`${again.url}/v1/types/countries`, { headers })).status).toBe(200);
  await again.close();
  await expect(fetch(`${again.url}/v1/types/countries`)).rejects.toThrow("fetch failed");
});

it("a listener is closed by await using", async () => {
  let url: string;
  {
    await using listener = await createFakeOplead().listen();
    url = listener.url;
    expect((await fetch(`${url}/v1/types/countries`, { headers })).status).toBe(200);
  }
  await expect(fetch(url)).rejects.toThrow("fetch failed");
});

it("a listener also works in a run time that imitates Node without process.getBuiltinModule", async () => {
  // Other code in this thread needs the rest of `process`.
  const { getBuiltinModule } = process;
  Reflect.set(process, "getBuiltinModule", undefined);
  const listener = await createFakeOplead()
    .listen()
    .finally(() => Reflect.set(process, "getBuiltinModule", getBuiltinModule));
  expect((await fetch(`${listener.url}/v1/types/countries`, { headers })).status).toBe(200);
  await listener.close();
});

it("close() ends hanging, delayed and idle connections at once, and may be called twice", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const fake = createFakeOplead();
  const listener = await fake.listen();
  const call = caller(fetch, listener.url);
  await call("GET", "/v1/types/countries");
  const idle = connect(listener.port, "127.0.0.1");
  await new Promise((resolve) => idle.once("connect", resolve));
  idle.on("error", () => {});
  fake.fail({ on: "GET", as: "hang" });
  fake.delay({ on: "POST", ms: 500 });
  const calls = Promise.allSettled([call("GET", "/v1/types/countries"), call("POST", "/v1/users", head())]);
  await expect.poll(() => fake.requests.length).toBe(3);

  await Promise.all([listener.close(), listener.close()]);
  expect((await calls).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(fake.users).toEqual([]);
});
