import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOplead } from "../../src/index.ts";
import { redisLedger } from "../../src/redis/index.ts";
import { reconcileUser, type SourceUser, type SyncReport, syncUsers } from "../../src/sync/index.ts";
import { hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";
import { Chance } from "../world/chance.ts";
import { newest, once } from "../world/oracle.ts";
import { CHANGES, People } from "../world/people.ts";
import { type Faults, NO_FAULTS, Platform } from "../world/platform.ts";
import { processOf, type Time, type WorldProcess } from "../world/time.ts";
import { Trace } from "../world/trace.ts";

// What a model of leases and scripts cannot show: test/world over a real Redis, in real time. Slow and not repeatable.

const DAYS = 4;
const LATE = { update: 700, creation: 250 };
const TIMES = {
  platform: { lateMs: 900, settleMs: 400 },
  timeoutMs: 1_000,
  rateLimit: { requests: 500, perMs: 1_000 },
} as const;
const LEASE_MS = 400;
const FAULTS: Faults = { ...NO_FAULTS, broken: 0.1, gateway: 0.1, own500: 0.05, tooMany: 0.02 };
// An administrator would have to confirm a new account number.
const KINDS = CHANGES.filter((kind) => kind !== "renumber");

const realTime: Time = {
  get now() {
    return Date.now();
  },
  outside: (delayMs, run) => void setTimeout(run, delayMs),
  wake(owner, delayMs, run) {
    const event: ReturnType<Time["wake"]> = { run };
    setTimeout(() => {
      const { run } = event;
      event.run = undefined;
      if (!owner?.isDead) run?.();
    }, delayMs);
    return event;
  },
};

const sleep = (ms: number) => new Promise((resolve) => void setTimeout(resolve, ms));

// Of a dead process: no command is sent, no answer arrives.
function clientOf(self: WorldProcess, redis: Redis) {
  const never = new Promise<never>(() => {});
  return new Proxy(redis, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        if (self.isDead) return never;
        const result: unknown = member.apply(target, args);
        if (!(result instanceof Promise)) return result;
        const alive = <T>(value: T) => (self.isDead ? never : value);
        return result.then(alive, (error: unknown) => alive(Promise.reject(error)));
      };
    },
  });
}

class RedisWorld {
  readonly chance: Chance;
  readonly trace = new Trace(realTime);
  readonly platform: Platform;
  readonly people: People;
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #busy = new Set<Promise<unknown>>();

  constructor(seed: number, redis: Redis) {
    this.chance = new Chance(seed);
    const isUnique = this.chance.next("traits") < 0.5;
    const gateway = this.chance.next("traits") < 0.5 ? "json" : "html";
    const traits = { isUnique, hasUniqueLogins: false, lagMs: 50, gateway, namesFields: true } as const;
    this.platform = new Platform(traits, realTime, this.chance, this.trace, LATE);
    this.people = new People(8, false);
    this.#redis = redis;
    this.#prefix = `world-${seed}:`;
  }

  async #process<T>(
    name: string,
    task: (open: { oplead: ReturnType<typeof createOplead>; ledger: ReturnType<typeof redisLedger> }) => Promise<T>,
    killAfterMs?: number,
  ): Promise<T | undefined> {
    const self = processOf(name, { hasOrphans: true });
    const common = {
      token: "token",
      baseUrl: "https://oplead.example",
      retry: { baseMs: 20 },
      logger: SILENT,
    } as const;
    const oplead = createOplead({ ...common, ...TIMES, fetch: this.platform.fetchOf(self) });
    const ledger = redisLedger(clientOf(self, this.#redis), { prefix: this.#prefix, leaseMs: LEASE_MS });
    const killed =
      killAfterMs === undefined
        ? new Promise<never>(() => {})
        : sleep(killAfterMs).then(() => {
            self.isDead = true;
            return undefined;
          });
    const result = await Promise.race([task({ oplead, ledger }), killed]);
    if (self.isDead) this.trace.add(name, undefined, "killed");
    self.isDead = true;
    return result;
  }

  night(name: string, killAfterMs?: number): Promise<SyncReport | undefined> {
    return this.#process(
      name,
      ({ oplead, ledger }) => {
        const source = () => this.people.present.map((each) => this.people.recordOf(each, false));
        return syncUsers(oplead, { source, map: (record: SourceUser) => record, ledger, guard: false });
      },
      killAfterMs,
    );
  }

  async #send(name: string): Promise<void> {
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const killAfterMs = this.chance.next("kill") < 0.3 ? this.chance.between("kill", 5, 150) : undefined;
      const person = this.people.all.find((each) => each.name === name);
      if (!person?.isPresent) return;
      const record = this.people.recordOf(person, false);
      const task = this.#process(
        `event of ${name}`,
        ({ oplead, ledger }) => reconcileUser(oplead, ledger, record).catch(() => undefined),
        killAfterMs,
      );
      if ((await task)?.failed.length === 0) return;
      await sleep(this.chance.between("again", 10, 200));
    }
  }

  async day(at: number): Promise<void> {
    this.platform.faults = FAULTS;
    const killAfterMs = this.chance.next("night") < 0.5 ? this.chance.between("night", 20, 300) : undefined;
    const nights = [this.night(`night${at}`, killAfterMs), this.night(`second${at}`)];
    for (let change = 0; change < 6; change += 1) {
      await sleep(this.chance.between("change", 0, 80));
      const kind = KINDS[this.chance.between("change", 0, KINDS.length - 1)] ?? "edit";
      const [who, which] = [this.chance.between("change", 0, 3), this.chance.between("change", 0, 30)];
      for (const { name } of this.people.change({ kind, who, which }, () => true)) {
        this.trace.add("people", name, kind);
        const sending = this.#send(name);
        this.#busy.add(sending);
      }
    }
    await Promise.all(nights);
  }

  async live(): Promise<readonly (SyncReport | undefined)[]> {
    await this.night("first");
    for (let at = 0; at < DAYS; at += 1) await this.day(at);
    await Promise.all(this.#busy);
    this.platform.faults = NO_FAULTS;
    const quiet: (SyncReport | undefined)[] = [];
    for (let at = 0; at < 4; at += 1) {
      // For late requests and leases of killed processes to end.
      await sleep(TIMES.platform.lateMs + 100);
      quiet.push(await this.night(`quiet${at}`));
    }
    return quiet;
  }
}

const nothing = () => {};
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

describe.skipIf(!hasRedis)("a world (simulated people, processes and faults) over a real Redis", () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis?.disconnect();
    await server?.close();
  });

  it("Oplead has each person once and in the newest state, whichever processes were killed", async () => {
    await Promise.all(
      [1, 2, 3, 4].map(async (seed) => {
        const world = new RedisWorld(seed, redis);
        const quiet = await world.live();
        const found = [...once(world), ...newest(world)];
        const last = quiet.at(-1);
        const rest = { status: last?.status, requests: last?.requests };
        const people = found.flatMap((each) => each.people ?? []);
        const trace = `seed ${seed}\n${world.trace.of(people.length > 0 ? people : undefined)}`;
        expect({ found, rest }, trace).toEqual({ found: [], rest: { status: "complete", requests: 0 } });
      }),
    );
  });
});
