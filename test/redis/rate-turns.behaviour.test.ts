import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { seededRandom } from "../../src/testing/arguments.ts";
import { type RateProcess, RateWorld } from "../support/rate-world.ts";
import { hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";

describe.skipIf(!hasRedis)("turns of redisRate", () => {
  let server: RedisServer;
  let opened = 0;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.close());

  function openWorld() {
    const world = new RateWorld(server.url);
    onTestFinished(() => world.close());
    return world;
  }
  const ten = (more = {}) => ({ prefix: `rate-${opened++}`, requests: 10, perMs: 1000, ...more });

  it("a shared rate gives a turn exactly at the deadline, and refuses a later one without waiting", async () => {
    const world = openWorld();
    const one = world.process(ten());
    await world.resultOf(one.takeFree());
    expect(await world.resultOf(one.ask(99))).toEqual({ reason: "deadline" });
    expect(world.clock.now()).toBe(0);
    expect(await world.resultOf(one.ask(100))).toMatchObject({ at: 100 });
    await world.pass(1_000);
    expect(await world.resultOf(one.ask(0))).toEqual({ reason: "deadline" });
  });

  it("a call that is aborted takes no turn, whether a turn was free or the call had to wait", async () => {
    const world = openWorld();
    const one = world.process(ten());
    expect(await world.resultOf(one.ask(1_000, AbortSignal.abort()))).toEqual({ reason: "aborted" });
    expect(one.asked).toBe(0);
    await world.resultOf(one.takeFree());
    const abort = new AbortController();
    const waiting = one.ask(1_000, abort.signal);
    await world.pass(30);
    abort.abort();
    expect(await world.resultOf(waiting)).toEqual({ reason: "aborted" });
    expect(one.starts).toEqual([0, 0]);
  });

  it("a turn costs one question to Redis if it is free, two if not, and none after an acceptance", async () => {
    const world = openWorld();
    const one = world.process(ten());
    (await world.resultOf(one.take())).accepted();
    const first = one.asked;
    await world.pass(1_000);
    for (let turn = 0; turn < 5; turn += 1) {
      (await world.resultOf(one.take())).accepted();
      await world.pass(150);
    }
    expect(one.asked - first).toBe(5);
    await world.resultOf(one.takeFree());
    const waited = one.asked;
    await world.resultOf(one.take());
    expect(one.asked - waited).toBe(2);
  });

  it("a turn is used if Redis answers up to ten ms late, and asked for again if later", async () => {
    const world = openWorld();
    const one = world.process(ten());
    const questionsAfter = async (ms: number) => {
      one.answersAfterMs = () => 0;
      await world.resultOf(one.take());
      await world.pass(300);
      const before = one.asked;
      let isFirst = true;
      one.answersAfterMs = () => {
        const later = isFirst ? ms : 0;
        isFirst = false;
        return later;
      };
      await world.resultOf(one.take());
      await world.pass(300);
      return one.asked - before;
    };
    expect(await questionsAfter(10)).toBe(1);
    expect(await questionsAfter(11)).toBe(2);
    for (let turn = 0; turn < 15; turn += 1) {
      one.answersAfterMs = () => 12;
      await world.resultOf(one.take());
      await world.pass(300);
    }
    const before = one.asked;
    await world.resultOf(one.take());
    expect(one.asked - before).toBe(1);
  });

  it.each([
    [3, 100],
    [3, 200],
    [8, 220],
  ])(
    "three slow processes, with %i callers each and timers up to %i ms late, use exactly the rate",
    async (callers, lateMs) => {
      const world = openWorld();
      const random = seededRandom(lateMs);
      const options = { prefix: `starved-${callers}-${lateMs}`, requests: 30, perMs: 1_000 };
      const all = [1, 2, 3].map(() => world.process(options));
      for (const one of all) Object.defineProperty(one, "timersLateMs", { get: () => random() * lateMs });
      const call = async (one: RateProcess) => {
        while (world.clock.now() < 12_000) (await one.take()).accepted();
      };
      await world.resultOf(Promise.all(all.flatMap((one) => Array.from({ length: callers }, () => call(one)))));
      const starts = all.flatMap((one) => one.starts).filter((at) => at >= 2_000 && at < 12_000);
      expect(starts.length / 10).toBeGreaterThan(28.5);
      const most = Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 1_000).length));
      // Requests start a little later than Redis counts them.
      expect(most).toBeLessThanOrEqual(32);
    },
  );

  it("a call waits for a pause within its deadline, and is refused with the length of a longer one", async () => {
    const world = openWorld();
    const one = world.process(ten());
    (await world.resultOf(one.take())).refused(50_000);
    await world.pass(10);
    expect(await world.resultOf(one.ask(40_000))).toMatchObject({ reason: "paused" });
    expect(await world.resultOf(one.ask(50_000))).toMatchObject({ at: 50_000 });
    const other = world.process(ten());
    (await world.resultOf(other.take())).refused(3_600_000);
    await world.pass(10);
    const told = await world.resultOf(other.ask(50_000));
    expect(told).toMatchObject({ reason: "paused" });
    expect("forMs" in told && told.forMs).toBeCloseTo(3_600_000 - 10, -1);
    expect(world.clock.now()).toBeLessThan(51_000);
    const third = world.process(ten());
    (await world.resultOf(third.take())).refused(100_000);
    const from = world.clock.now();
    await world.pass(10);
    expect(await world.resultOf(third.ask(99_990))).toMatchObject({ at: from + 60_000 });
  });

  it("a single request asks whether a long pause is over, and ends it for all processes", async () => {
    const world = openWorld();
    const options = ten();
    const [one, other] = [world.process(options), world.process(options)];
    const before = await world.resultOf(other.take());
    (await world.resultOf(one.take())).refused(3_600_000);
    await world.pass(10);
    before.accepted();
    await world.pass(59_000);
    expect(await world.resultOf(other.ask(500))).toMatchObject({ reason: "paused" });
    await world.pass(1_200);
    const probe = await world.resultOf(one.take());
    expect(await world.resultOf(other.ask(500))).toMatchObject({ reason: "paused" });
    probe.accepted();
    await world.pass(10);
    expect(await world.resultOf(other.ask(500))).not.toHaveProperty("reason");
    expect(one.logged).toEqual([]);
  });

  it("resetting redisRate ends a pause of an hour for all processes", async () => {
    const world = openWorld();
    const options = ten();
    const [one, other] = [world.process(options), world.process(options)];
    (await world.resultOf(one.take())).refused(3_600_000);
    await world.pass(10);
    expect(await world.resultOf(other.ask(500))).toMatchObject({ reason: "paused" });
    await world.resultOf(one.rate.reset());
    expect(await world.resultOf(other.ask(500))).not.toHaveProperty("reason");
    expect(await world.resultOf(one.ask(500))).not.toHaveProperty("reason");
  });

  it("if Redis's clock goes back by more than a second, the log says by how much, and no turn is lost", async () => {
    const world = openWorld();
    const lines: string[] = [];
    const one = world.process(ten());
    const goesBack = async (ms: number) => {
      await world.pass(10_000);
      await world.resultOf(one.take());
      world.redisAheadMs -= ms;
      const warn = (line: string, code?: string) => void lines.push(`${code}: ${line}`);
      const turn = one.rate.acquire({ withinMs: 200, signal: undefined, warn });
      expect(await world.resultOf(turn)).not.toHaveProperty("reason");
    };
    await goesBack(1_000);
    expect(lines).toEqual([]);
    await goesBack(1_001);
    await goesBack(600_000);
    expect(lines).toEqual([
      "clock_went_back: the clock of the shared rate's Redis went back by 1 s; its times were moved",
      "clock_went_back: the clock of the shared rate's Redis went back by 10 min; its times were moved",
    ]);
  });
});
