import { expect, it, vi } from "vitest";
import { WaitWatch } from "../../../src/command/workspace/wait-watch.ts";
import { createOplead } from "../../../src/index.ts";
import { createFakeOplead } from "../../../src/testing/index.ts";

function open() {
  const fake = createFakeOplead();
  const shown: string[] = [];
  let now = 0;
  const limits = { timeoutMs: 30_000, deadlineMs: 120_000 };
  const watch = new WaitWatch(
    (text) => shown.push(text),
    limits,
    () => now,
  );
  const oplead = createOplead({ token: "fake-token", fetch: fake.fetch, hooks: watch.hooks });
  const at = (ms: number) => {
    now = ms;
    watch.look();
    return shown.splice(0);
  };
  const arrived = (count: number) => vi.waitFor(() => expect(fake.requests).toHaveLength(count));
  return { fake, oplead, watch, at, arrived };
}

it("a request without an answer is shown within ten seconds, with how long it may still take", async () => {
  const { fake, oplead, at, arrived } = open();
  fake.fail({ as: "hang" });
  const ending = new AbortController();
  const call = oplead.listUserProfiles({ signal: ending.signal }).catch(() => undefined);
  await arrived(1);
  expect(at(7_000)).toEqual([]);
  expect(at(9_000)).toEqual([
    "No answer from Oplead for 9 s. GET /v1/settings/user-profiles may take 21 s more, and with its repetitions 1 min 51 s.",
  ]);
  expect(at(18_000)).toEqual([]);
  expect(at(19_000)).toEqual([
    "No answer from Oplead for 19 s. GET /v1/settings/user-profiles may take 11 s more, and with its repetitions 1 min 41 s.",
  ]);
  ending.abort();
  await call;
  // The end of a call is noticed a few steps later.
  await new Promise(setImmediate);
  expect(at(60_000)).toEqual([]);
});

it("the watch shows a waiting request only if no other request has been answered for a while", async () => {
  const { fake, oplead, at, arrived } = open();
  fake.fail({ on: ({ path }) => path.includes("profiles"), as: "hang" });
  const ending = new AbortController();
  const call = oplead.listUserProfiles({ signal: ending.signal }).catch(() => undefined);
  await arrived(1);
  expect(at(7_000)).toEqual([]);
  await oplead.listCountries();
  expect(at(14_000)).toEqual([]);
  expect(at(15_000)).toHaveLength(1);
  ending.abort();
  await call;
});

it("a pause that Oplead asks for is shown with the time until the request is repeated", async () => {
  const { fake, oplead, at, arrived } = open();
  fake.fail({ as: { status: 503, retryAfter: "60" } });
  const ending = new AbortController();
  const call = oplead.listUserProfiles({ signal: ending.signal }).catch(() => undefined);
  await arrived(1);
  await vi.waitFor(() => expect(at(1)).toEqual([]));
  expect(at(10_000)).toEqual([
    "No answer from Oplead for 10 s. listUserProfiles is tried again in 50 s, for 1 min 50 s at most.",
  ]);
  ending.abort();
  await call;
});
