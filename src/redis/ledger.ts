import type { Closeable } from "../core/run-time.ts";
import { sleep } from "../core/time.ts";
import { MAX_TIMER_MS, number, options as optionsSchema } from "../core/validate.ts";
import { isObject, jsonIn } from "../core/values.ts";
import { ledgerOf } from "../ledger/create-ledger.ts";
import { damagedEntry, readInfo } from "../ledger/entry.ts";
import {
  addEntryLeases,
  type EntryAccess,
  type Lease,
  type Ledger,
  type LedgerEntry,
  type LedgerInfo,
  type LedgerStore,
  ledgerError,
  type Replacement,
  type StorePosition,
} from "../ledger/ledger.ts";
import { keyShape, type LedgerKeyOptions } from "../ledger/version.ts";
import { tellRedis } from "../locales/en/failures.ts";
import { answerWithin, argumentsCheck, keyText, type RedisClient, redisErrorCode, Script } from "./client.ts";

/** Options of {@link redisLedger}. */
export interface RedisLedgerOptions extends LedgerKeyOptions {
  /** The beginning of all key names. Give every platform its own. Default `"oplead:"`. */
  readonly prefix?: string | undefined;
  /**
   * For how many milliseconds a process that died or stands still keeps other processes from the user that it worked
   * on. A working process renews its lease. Default 30,000.
   */
  readonly leaseMs?: number | undefined;
  /** How many milliseconds one command may take. Default 30,000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A ledger in Redis or Valkey that any number of processes and machines can share. Entries are written by
 * compare-and-set, and reconciliations of one user run one after the other: each takes a lease. A process that stood
 * still for longer than its lease sends nothing more for that user. If it had sent something before that, the next
 * process notices it and sends the user once more.
 *
 * An entry is as safe as Redis makes it: use `appendonly yes`, and no eviction (`maxmemory-policy noeviction`). Entries
 * are listed with SCAN, in constant memory. In a Redis Cluster, every node is asked. Closing the ledger does not
 * disconnect the client.
 *
 * ```ts
 * const redis = new Redis("redis://127.0.0.1:6379");
 * const ledger = redisLedger(redis, { prefix: "oplead:production:" });
 * ```
 *
 * @throws {@link OpleadError} `invalid_options`; from the methods, `ledger_unavailable` if Redis fails or does not
 * answer.
 */
export function redisLedger(redis: RedisClient, options: RedisLedgerOptions = {}): Ledger & Closeable {
  checkArguments(redis, options);
  const { prefix = "oplead:", leaseMs = 30_000, timeoutMs = 30_000 } = options;
  const userPrefix = `${prefix}user:`;
  const infoKey = `${prefix}info`;
  const use = async <T>(task: () => Promise<T>): Promise<T> => {
    try {
      return await answerWithin(task(), timeoutMs);
    } catch (error) {
      throw ledgerError(tellRedis("ledger_redis_failed", { code: redisErrorCode(error) }), error);
    }
  };

  const store: LedgerStore = {
    get: (accountNumber) =>
      use(async () => {
        const stored = await redis.get(userPrefix + accountNumber);
        return stored === null ? undefined : read(stored);
      }),
    replace: (accountNumber, expectedRevision, entry) =>
      use(async () => (await REPLACE.run(redis, userPrefix + accountNumber, expectedRevision, write(entry))) === 1),
    // In a cluster, the keys of two users may be on different nodes, and no command writes both in one step.
    ...(!redis.nodes && {
      replaceBoth: (...both: readonly [Replacement, Replacement]) =>
        use(async () => {
          const keys = both.map(([accountNumber]) => userPrefix + accountNumber);
          const values = both.flatMap(([, expected, entry]) => [expected, write(entry)]);
          return (await REPLACE.run(redis, keys, ...values)) === 1;
        }),
    }),
    async *entries() {
      const pattern = `${userPrefix.replace(/[\\*?[\]]/g, "\\$&")}*`;
      // Sends a command first, which fails if the cluster is not connected. Such a cluster has no nodes, so its
      // ledger would look empty.
      await use(() => redis.get(userPrefix));
      for (const node of redis.nodes?.("master") ?? [redis]) {
        let cursor = "0";
        do {
          const [next, keys] = await use(() => node.scan(cursor, "MATCH", pattern, "COUNT", 1000));
          cursor = next;
          const values = keys.length === 0 ? [] : await use(() => readAll(redis, keys));
          for (const [at, stored] of values.entries()) {
            if (stored !== null) yield [(keys[at] as string).slice(userPrefix.length), read(stored)] as const;
          }
        } while (cursor !== "0");
      }
    },
    getInfo: () =>
      use(async () => {
        const fields = await redis.hgetall(infoKey);
        if (Object.keys(fields).length === 0) return undefined;
        const info = readInfo(Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, jsonIn(text)])));
        const position = await positionOf(redis);
        return position ? { ...info, position } : info;
      }),
    setInfo: ({ position: _, ...info }: LedgerInfo) =>
      use(async () => {
        const fields = Object.entries(info).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, JSON.stringify(value)]],
        );
        if (fields.length > 0) await redis.hset(infoKey, Object.fromEntries(fields));
      }),
    lease: (accountNumber, signal) => takeLease(redis, `${prefix}lease:${accountNumber}`, { leaseMs, signal, use }),
  };
  const ledger = ledgerOf(store, options);
  // In a cluster, the lease and the entry of a user may be on different nodes.
  if (!redis.nodes) {
    addEntryLeases(ledger, async (accountNumber, signal) => {
      const options = { leaseMs, signal, use, entryKey: userPrefix + accountNumber };
      const { stored, replaceAndRelease, ...lease } = await takeLease(
        redis,
        `${prefix}lease:${accountNumber}`,
        options,
      );
      let isFirst = true;
      const access: EntryAccess = {
        async get(accountNumber) {
          if (!isFirst) return ledger.get(accountNumber);
          isFirst = false;
          return stored === null ? undefined : read(stored);
        },
        replace: (accountNumber, expected, entry, isLast) =>
          isLast ? replaceAndRelease(expected, write(entry)) : ledger.replace(accountNumber, expected, entry),
      };
      return { ...lease, access };
    });
  }
  return ledger;
}

const checkArguments = /* @__PURE__ */ argumentsCheck<RedisLedgerOptions>("redisLedger", () =>
  optionsSchema({
    ...keyShape(),
    prefix: keyText(),
    leaseMs: number(100, 86_400_000),
    timeoutMs: number(1, MAX_TIMER_MS),
  }),
);

/**
 * A stored entry is its revision, a space, and its JSON. An entry without a revision has revision 0. If a single entry
 * is stored already in exactly this form, it counts as written, because ioredis repeats a command if the connection
 * breaks before its answer. For two entries this is not so: if two processes move the same user, only one of them may
 * be told that it has moved the user.
 */
const REPLACE = new Script(`
  if #KEYS == 1 and ARGV[1] == "0" and redis.call("SET", KEYS[1], ARGV[2], "NX") then return 1 end
  for at, key in ipairs(KEYS) do
    local stored = redis.call("GET", key)
    local revision = stored and string.match(stored, "^%d+") or "0"
    if revision ~= ARGV[2 * at - 1] and (#KEYS > 1 or stored ~= ARGV[2]) then return 0 end
  end
  for at, key in ipairs(KEYS) do redis.call("SET", key, ARGV[2 * at]) end
  return 1
`);

function write(entry: LedgerEntry): string {
  return `${entry.revision ?? 0} ${JSON.stringify(entry)}`;
}

function read(stored: string): LedgerEntry {
  const entry = jsonIn(stored.slice(stored.indexOf(" ") + 1));
  // The revision is read from the text before the JSON, because REPLACE compares that text.
  const revision = Number.parseInt(stored, 10) || 0;
  return isObject(entry) ? (entry as unknown as LedgerEntry) : { ...damagedEntry, revision }; // `ledgerOf` checks it
}

/** In a cluster, keys are read one by one, because a command can read several keys only if they have the same slot. */
function readAll(redis: RedisClient, keys: string[]): Promise<(string | null)[]> {
  return redis.nodes ? Promise.all(keys.map((key) => redis.get(key))) : redis.mget(keys);
}

/**
 * The position of Redis in its replication; undefined if Redis does not tell it, as in a cluster, behind a proxy, or
 * with a narrow ACL.
 */
async function positionOf(redis: RedisClient): Promise<StorePosition | undefined> {
  const text = redis.nodes ? "" : await redis.info?.("replication").catch(() => undefined);
  const field = (name: string): string => new RegExp(`^${name}:(\\S+)`, "m").exec(text ?? "")?.[1] ?? "";
  const id = field("master_replid");
  const previousOffset = Number(field("second_repl_offset")) - 1;
  if (id === "") return undefined;
  const previous = previousOffset >= 0 && { previousId: field("master_replid2"), previousOffset };
  return { id, offset: Number(field("master_repl_offset")), ...previous };
}

interface LeaseOptions {
  readonly leaseMs: number;
  readonly signal: AbortSignal;
  /** Runs a command with its time limit. */
  readonly use: <T>(task: () => Promise<T>) => Promise<T>;
  /** The key of the user's entry, which is read together with the lease. Only for leases of a single node. */
  readonly entryKey?: string | undefined;
}

/** A lease, and the entry as it is stored. */
interface StoredLease extends Lease {
  readonly stored: string | null;
  /** Writes the entry, as {@link LedgerStore.replace} does, and gives the lease back if it was written. */
  replaceAndRelease(expectedRevision: number, entry: string): Promise<boolean>;
}

/**
 * How many milliseconds to wait before the lease is asked for again. The first waits are short, because most
 * reconciliations are short.
 */
const SHORTEST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 200;

/** Waits for a lease, and then renews it until it is released. Rejects if the signal aborts while it waits. */
export async function takeLease(
  redis: RedisClient,
  key: string,
  { leaseMs, signal, use, entryKey }: LeaseOptions,
): Promise<StoredLease> {
  const holder = crypto.randomUUID();
  const keys = entryKey === undefined ? [key] : [key, entryKey];
  let waitMs = SHORTEST_WAIT_MS;
  let stored: string | null = null;
  const take = async (): Promise<number> => {
    try {
      const answer = await use(() => TAKE.run(redis, keys, holder, leaseMs, KEPT_MS));
      if (!Array.isArray(answer)) return Number(answer);
      stored = answer[1];
      return Number(answer[0]);
    } catch (error) {
      // The lease is released, because Redis may have granted it although no answer arrived, or may still grant it: the
      // Redis client keeps commands while it has no connection, and sends them later.
      RELEASE.run(redis, key, holder, 0, KEPT_MS).catch(() => {});
      throw error;
    }
  };
  /**
   * The longest time that the lease may have existed. The time is counted from the request for the lease, and Redis
   * granted the lease after that request.
   */
  let elapsed: () => number;
  let taken: number;
  for (;;) {
    signal.throwIfAborted();
    elapsed = stopwatch();
    taken = await take();
    if (taken > 0) break;
    // The wait has a random part, so that waiting processes do not ask at the same moment.
    await sleep(waitMs * (0.5 + Math.random()), signal);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 1.5);
  }
  const renew = async (): Promise<void> => {
    const sinceRenewal = stopwatch();
    const isRenewed = (await RENEW.run(redis, key, holder, leaseMs, KEPT_MS)) === 1;
    elapsed = isRenewed ? sinceRenewal : () => Number.POSITIVE_INFINITY;
  };
  // After a failed renewal, the next renewal still comes in time. If the lease is lost nevertheless, compare-and-set
  // notices the process that took it.
  const renewal = setInterval(() => renew().catch(() => {}), leaseMs / 3);
  renewal.unref();
  let isReleased = false;
  const end = (): void => {
    elapsed = () => Number.POSITIVE_INFINITY;
  };
  return {
    stored,
    left: () => leaseMs - elapsed(),
    abandonedMsAgo: taken > 1 ? taken - 2 : undefined,
    async replaceAndRelease(expectedRevision, entry) {
      const answer = await use(() => REPLACE_LAST.run(redis, keys, holder, 0, KEPT_MS, expectedRevision, entry));
      if (answer === 1) isReleased = true;
      if (answer !== 0) end();
      return isReleased;
    },
    async release() {
      clearInterval(renewal);
      if (!isReleased) await use(() => RELEASE.run(redis, key, holder, 0, KEPT_MS));
    },
  };
}

/**
 * Measures time with two clocks and returns the larger result. One clock may stand still while the machine sleeps, and
 * the other may be set back.
 */
function stopwatch(): () => number {
  const [steady, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - steady, Date.now() - wall);
}

/**
 * For how many milliseconds Redis remembers that a lease was not given back. It is long enough for a next run after a
 * weekend.
 */
const KEPT_MS = 7 * 86_400_000;

/*
 * A lease is stored as its holder, followed by the time at which an earlier lease ended without being given back, if
 * there was such a lease. If no process holds the lease, a dash for the holder and that time may remain. The key lives
 * KEPT_MS longer than the lease, so a key with at most KEPT_MS left to live holds no lease, and usually the clock need
 * not be read.
 */
const FOUND = `
  local call, key, own, leaseMs, keptMs = redis.call, KEYS[1], ARGV[1], math.ceil(ARGV[2]), tonumber(ARGV[3])
  local holder, lost = string.match(call("GET", key) or "", "^(%S+) ?(%d*)$")
  lost = tonumber(lost)
  local function now()
    local time = call("TIME")
    return time[1] * 1000 + math.floor(time[2] / 1000)
  end
`;

/**
 * 0: another process has the lease. 1: taken. More: taken, and the number minus two is how many milliseconds ago an
 * earlier lease ended without being given back. With the key of an entry, a taken lease is answered together with the
 * stored entry.
 */
const TAKE = new Script(`
  local function answer(taken) return KEYS[2] and { taken, redis.call("GET", KEYS[2]) } or taken end
  if redis.call("SET", KEYS[1], ARGV[1], "PX", math.ceil(ARGV[2]) + ARGV[3], "NX") then return answer(1) end
  ${FOUND}
  local left = call("PTTL", key) - keptMs
  local isOther = holder and holder ~= own and holder ~= "-"
  if isOther and left > 0 then return 0 end
  local at = now()
  if isOther then lost = at + left end
  call("SET", key, own .. (lost and string.format(" %.0f", lost) or ""), "PX", leaseMs + keptMs)
  return answer(lost and 2 + math.max(0, at - lost) or 1)
`);

/** Only the holder can renew a lease. */
const RENEW = new Script(`
  ${FOUND}
  if holder ~= own or call("PTTL", key) <= keptMs then return 0 end
  return call("PEXPIRE", key, leaseMs + keptMs)
`);

const GIVE_BACK = `
  local function giveBack()
    if holder ~= own then return 0 end
    local keptFor = lost and lost + keptMs - now() or 0
    if keptFor <= 0 then return call("DEL", key) end
    call("SET", key, string.format("- %.0f", lost), "PX", keptFor)
    return 1
  end
`;

const RELEASE = new Script(`${FOUND} ${GIVE_BACK} return giveBack()`);

/**
 * Writes an entry as {@link REPLACE} does, and then gives the lease back. 1: written. 0: another process has written
 * the entry, and the lease is kept. -1: the same, but the lease is gone. It may be gone because ioredis sent this
 * script twice, and another process took the lease in between.
 */
const REPLACE_LAST = new Script(`
  ${FOUND} ${GIVE_BACK}
  local entry, expected, text = KEYS[2], ARGV[4], ARGV[5]
  if expected ~= "0" or not call("SET", entry, text, "NX") then
    local stored = call("GET", entry)
    local revision = stored and string.match(stored, "^%d+") or "0"
    if revision ~= expected and stored ~= text then return holder == own and 0 or -1 end
    call("SET", entry, text)
  end
  giveBack()
  return 1
`);
