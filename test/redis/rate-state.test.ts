import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { newSharedState } from "../../src/redis/rate-state.ts";
import { seededRandom } from "../../src/testing/arguments.ts";
import { Allowance } from "../../src/transport/limiter/rate.ts";
import { gate } from "../support/gate.ts";
import { sized } from "../support/long-form.ts";
import { RateWorld, type Start } from "../support/rate-world.ts";
import { hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";

const EPOCH = 1e12;

describe.skipIf(!hasRedis)("the state of redisRate", { timeout: 600_000 }, () => {
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

  it("the state of a rate in Redis has exactly the known fields after a 429 and an accepted request", async () => {
    const world = openWorld();
    const options = ten();
    const one = world.process(options);
    (await world.resultOf(one.take())).accepted();
    (await world.resultOf(one.take())).refused(0);
    await world.pass(10);
    const redis = new Redis(server.url);
    onTestFinished(() => redis.disconnect());
    const fields = await redis.hgetall(options.prefix);
    expect(Object.keys(fields).sort()).toEqual([...Object.keys(newSharedState(1, 0)), "learned"].sort());
    expect(Object.values(fields).map(Number)).not.toContain(Number.NaN);
  });

  it("turns given at too high a rate are given again at the new rate, even without a pause", async () => {
    const world = openWorld();
    const one = world.process(ten());
    (await world.resultOf(one.take())).refused(0);
    await world.pass(10);
    for (let turn = 0; turn < 6; turn += 1) (await world.resultOf(one.take())).accepted();
    const last = await world.resultOf(one.take());
    const before = one.rate.perSecond;
    one.starts.length = 0;
    const waiting = Array.from({ length: 4 }, () => one.take());
    await world.pass(10);
    last.refused(0);
    await world.pass(1);
    const from = world.clock.now();
    await world.resultOf(Promise.all(waiting));
    const { perSecond } = one.rate;
    expect(perSecond).toBeLessThan(0.8 * before);
    const lastAt = from + 3 * (1_000 / perSecond);
    expect(one.starts.at(-1)).toBeGreaterThan(lastAt - 20);
    expect(one.starts.at(-1)).toBeLessThan(lastAt + 200);
  });

  it("if a process takes turns while another process tells Redis of a 429, the turns stay taken", async () => {
    const world = openWorld();
    const options = ten();
    const [one, other] = [world.process(options), world.process(options)];
    (await world.resultOf(one.take())).refused(0);
    await world.pass(50);
    // A 429 so soon after the first says little about the limit.
    const second = await world.resultOf(one.take());
    const taken = gate();
    let questions = 0;
    let others: Promise<Start>[] = [];
    one.beforeAsking = async () => {
      questions += 1;
      if (questions !== 2) return;
      others = Array.from({ length: 3 }, () => other.take());
      await world.settled();
      taken.open();
    };
    second.refused(0);
    await taken.opened;
    await world.pass(10);
    one.beforeAsking = async () => {};
    const last = one.take();
    const starts = (await world.resultOf(Promise.all([...others, last]))).map(({ at }) => at);
    expect(questions).toBe(2);
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] as number));
    expect(Math.min(...gaps)).toBeGreaterThan(100);
  });

  it("a 429 of a request that started before the rate was reset does not change the rate", async () => {
    const world = openWorld();
    const one = world.process(ten());
    const turn = await world.resultOf(one.take());
    await one.rate.reset();
    const before = one.asked;
    turn.refused(60_000);
    await world.pass(100);
    expect(one.asked - before).toBe(1);
    expect(await world.resultOf(one.ask(1_000))).toMatchObject({ at: 100 });
    expect(one.rate.perSecond).toBe(10);
  });

  it.each([1, 2, 3, 4].slice(0, sized(2, 4)))(
    "a rate in Redis learns from the answers what one client would learn from them (seed %d)",
    async (seed) => {
      const random = seededRandom(seed);
      const world = openWorld();
      const one = world.process(ten({ requests: 100 }));
      const now = () => EPOCH + world.clock.now();
      (await world.resultOf(one.take())).unsent();
      const client = new Allowance(0.1, now());
      const running: Start[] = [];
      let accepted: number[] = [];
      const tell = () => {
        for (const at of accepted) client.accepted(EPOCH + at, now());
        accepted = [];
      };
      const accept = ({ at, ...turn }: Start) => {
        turn.accepted();
        accepted.push(at);
      };
      let refused = 0;
      for (let step = 0; step < 350; step += 1) {
        await world.pass(1 + Math.floor(random() * 8));
        tell();
        const expected = client.rate.at(now()) * 1000;
        const asking = one.ask(0.01);
        if (running.length > 5 && random() < 0.3) accept(running.shift() as Start);
        const turn = await world.resultOf(asking);
        if (!("reason" in turn)) running.push(turn);
        expect(one.rate.perSecond, `step ${step}, ${refused} refused`).toBeCloseTo(expected, 6);
        if (running.length > 2 && random() < 0.8) {
          const answered = running.splice(Math.floor(random() * 3), 1)[0] as Start;
          if (random() < 0.9) accept(answered);
          else {
            tell();
            const pauseMs = [0, 0, 40, 150][Math.floor(random() * 4)] as number;
            refused += 1;
            client.refused(EPOCH + answered.at, now(), pauseMs);
            answered.refused(pauseMs);
            await world.pass(0);
          }
        }
      }
      expect(refused).toBeGreaterThan(5);
    },
  );
});
