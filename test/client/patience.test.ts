import { expect, it } from "vitest";
import { pausesWithin } from "../../src/client/patience.ts";
import { readOptions } from "../../src/transport/settings.ts";
import { Transport } from "../../src/transport/transport.ts";
import { FakeClock } from "../support/fake-clock.ts";

async function pausesOf(budgetMs: number, options: { deadlineMs?: number; random?: number } = {}) {
  const clock = new FakeClock();
  clock.random = () => options.random ?? 0.5;
  const transport = new Transport(readOptions({ token: "t" }, {}), () => Promise.reject() as never, clock, "test");
  const call = transport.begin("upsertUser", { deadlineMs: options.deadlineMs ?? 100_000 });
  const pauses = pausesWithin(budgetMs, transport, call);
  const taken: number[] = [];
  for (;;) {
    const since = clock.now();
    let said: string | undefined;
    const next = pauses.next().then((why) => {
      said = why;
      taken.push(Math.round(clock.now() - since));
    });
    for (let ms = 0; said === undefined && ms < 20_000; ms += 1) await clock.advance(1);
    await next;
    if (said !== "ask") return { taken: taken.slice(0, -1), said };
  }
}

it("pauses between questions double from 100 ms to 1 s, and end with the time budget", async () => {
  expect(await pausesOf(5_000)).toEqual({ taken: [100, 200, 400, 800, 1_000, 1_000, 1_000, 500], said: "over" });
});

it("pauses between questions vary at random by up to a quarter, so that clients do not ask together", async () => {
  expect((await pausesOf(300, { random: 0 })).taken).toEqual([75, 150, 75]);
  expect((await pausesOf(400, { random: 1 - 1e-9 })).taken).toEqual([125, 250, 25]);
});

it("pauses between questions end before one that would last to the call's deadline", async () => {
  expect(await pausesOf(5_000, { deadlineMs: 301 })).toEqual({ taken: [100, 200], said: "deadline" });
  expect(await pausesOf(5_000, { deadlineMs: 300 })).toEqual({ taken: [100], said: "deadline" });
});

it("a process that stood still longer than all pauses together sends one more request", async () => {
  const clock = new FakeClock();
  const transport = new Transport(readOptions({ token: "t" }, {}), () => Promise.reject() as never, clock, "test");
  const pauses = pausesWithin(100, transport, transport.begin("upsertUser", { deadlineMs: 100_000 }));
  await clock.advance(1_000);
  const first = pauses.next();
  await clock.advance(0);
  expect(await first).toBe("ask");
  expect(await pauses.next()).toBe("over");
});

it("no pause follows once the budget is used, even if the last timer fires a little early", async () => {
  const clock = new FakeClock();
  const setTimer = clock.setTimeout.bind(clock);
  clock.setTimeout = (callback, ms) => setTimer(callback, ms - 1);
  const transport = new Transport(readOptions({ token: "t" }, {}), () => Promise.reject() as never, clock, "test");
  const pauses = pausesWithin(50, transport, transport.begin("upsertUser", { deadlineMs: 100_000 }));
  const first = pauses.next();
  await clock.advance(49);
  expect(await first).toBe("ask");
  expect(await Promise.race([pauses.next(), clock.advance(0)])).toBe("over");
});
