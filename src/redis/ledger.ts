import type { Closeable } from "../core/run-time.ts";
import { sleep, stopwatch } from "../core/time.ts";
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
import { tellStore } from "../locales/en/core.ts";
import { tellRedis } from "../locales/en/failures.ts";
import { answerWithin, argumentsCheck, keyText, type RedisClient, redisErrorCode, Script } from "./client.ts";

/** Options of {@link redisLedger}. */
export interface RedisLedgerOptions extends LedgerKeyOptions {
  /** Beginning of all key names. Give every platform its own. Default `"oplead:"`, of deliveries `"oplead:delivery:"`. */
  readonly prefix?: string | undefined;
  /**
   * Time for which a process that died or stands still keeps other processes from its user, in milliseconds. A working
   * process renews its lease. Default 30,000.
   */
  readonly leaseMs?: number | undefined;
  /** Time for an answer of Redis, in milliseconds. Default 30,000, of a queue 10,000: it then throws `queue_unavailable`. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A ledger in Redis or Valkey that any number of processes and machines can share. Entries are written by compare-and-
 * set, and reconciliations of one user run one after the other: each takes a lease. After the lease has ended, a
 * process that stood still sends nothing more for that user; the intent heals what was on its way.
 *
 * An entry is as safe as Redis makes it: use `appendonly yes`, and no eviction (`maxmemory-policy noeviction`). Entries
 * are listed with SCAN, in constant memory; in a Redis Cluster, on every node. Closing the ledger does not disconnect
 * the client.
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
    // In a cluster the two entries may be on different nodes.
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
      // `get` fails if the cluster is not connected: without nodes its ledger would look empty.
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
  // In a cluster, lease and entry may be on different nodes.
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

// An entry is stored as revision, a space, and JSON. A single entry that is stored already in exactly this form counts
// as written: ioredis repeats a command after a broken connection. Two entries do not: of two processes that move a
// user, only one may be told that it did.
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
  // The revision comes from the text, because REPLACE compares it there.
  const revision = Number.parseInt(stored, 10) || 0;
  return isObject(entry) ? (entry as unknown as LedgerEntry) : { ...damagedEntry, revision }; // `ledgerOf` checks it
}

// In a cluster a command reads several keys only of one slot.
function readAll(redis: RedisClient, keys: string[]): Promise<(string | null)[]> {
  return redis.nodes ? Promise.all(keys.map((key) => redis.get(key))) : redis.mget(keys);
}

// Undefined in a cluster, behind a proxy, or with a narrow ACL.
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
  readonly use: <T>(task: () => Promise<T>) => Promise<T>;
  // Key of the entry that is read together with the lease. Undefined in a cluster.
  readonly entryKey?: string | undefined;
}

interface StoredLease extends Lease {
  readonly stored: string | null;
  replaceAndRelease(expectedRevision: number, entry: string): Promise<boolean>;
}

// The first waits are short, as most reconciliations are.
const SHORTEST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 200;

export async function takeLease(
  redis: RedisClient,
  key: string,
  { leaseMs, signal, use, entryKey }: LeaseOptions,
): Promise<StoredLease> {
  const holder = crypto.randomUUID();
  const keys = entryKey === undefined ? [key] : [key, entryKey];
  let waitMs = SHORTEST_WAIT_MS;
  const take = async (): Promise<unknown> => {
    try {
      return await use(() => TAKE.run(redis, keys, holder, leaseMs));
    } catch (error) {
      // Redis may have granted the lease, or may grant it later: the client keeps commands without a connection.
      RELEASE.run(redis, key, holder).catch(() => {});
      throw error;
    }
  };
  // Time since the request, because Redis grants the lease after it.
  let elapsed: () => number;
  let taken: unknown;
  for (;;) {
    signal.throwIfAborted();
    elapsed = stopwatch();
    taken = await take();
    if (Array.isArray(taken)) break;
    if (taken === -1) throw ledgerError(tellStore("old_form", { what: "lease" }), undefined, false);
    // Jitter for waiting processes.
    await sleep(waitMs * (0.5 + Math.random()), signal);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 1.5);
  }
  const stored = (taken[0] ?? null) as string | null;
  const renew = async (): Promise<void> => {
    const sinceRenewal = stopwatch();
    const isRenewed = (await RENEW.run(redis, key, holder, leaseMs)) === 1;
    elapsed = isRenewed ? sinceRenewal : () => Number.POSITIVE_INFINITY;
  };
  // A renewal may fail: the next one still comes in time. If the lease is lost, compare-and-set notices the other
  // process.
  const renewal = setInterval(() => renew().catch(() => {}), leaseMs / 3);
  renewal.unref();
  let isReleased = false;
  return {
    stored,
    left: () => leaseMs - elapsed(),
    async replaceAndRelease(expectedRevision, entry) {
      const answer = await use(() => REPLACE_LAST.run(redis, keys, holder, expectedRevision, entry));
      isReleased = answer === 1;
      if (answer !== 0) elapsed = () => Number.POSITIVE_INFINITY;
      return isReleased;
    },
    async release() {
      clearInterval(renewal);
      if (!isReleased) await use(() => RELEASE.run(redis, key, holder));
    },
  };
}

// Answers a list with the stored entry; 0 if another process has the lease; -1 if the lease has an older form, which
// lasts for a week.
const TAKE = new Script(`
  local key, own, leaseMs = KEYS[1], ARGV[1], math.ceil(ARGV[2])
  local holder = not redis.call("SET", key, own, "PX", leaseMs, "NX") and redis.call("GET", key)
  if holder and holder ~= own then return string.find(holder, " ") and -1 or 0 end
  return { KEYS[2] and redis.call("GET", KEYS[2]) }
`);

const RENEW = new Script(`
  return redis.call("GET", KEYS[1]) == ARGV[1] and redis.call("PEXPIRE", KEYS[1], math.ceil(ARGV[2])) or 0
`);

const RELEASE = new Script(`return redis.call("GET", KEYS[1]) == ARGV[1] and redis.call("DEL", KEYS[1]) or 0`);

// Answers 1 if written; 0 if another process has written the entry; -1 if the lease is gone too, perhaps because
// ioredis sent this twice.
const REPLACE_LAST = new Script(`
  local key, entry, own, expected, text = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]
  local isHeld = redis.call("GET", key) == own
  if expected ~= "0" or not redis.call("SET", entry, text, "NX") then
    local stored = redis.call("GET", entry)
    local revision = stored and string.match(stored, "^%d+") or "0"
    if revision ~= expected and stored ~= text then return isHeld and 0 or -1 end
    redis.call("SET", entry, text)
  end
  if isHeld then redis.call("DEL", key) end
  return 1
`);
