import { isOlder } from "../ledger/version.ts";
import type { StoredUser } from "./job.ts";
import type { RedisCommands } from "./redis-commands.ts";
import type { Seal } from "./seal.ts";

interface State {
  readonly accountNumber: string;
  /** What to bring to Oplead; undefined if the worker loads it from the source. */
  readonly user: StoredUser | undefined;
}

/** The newest state of one user that no worker has acknowledged. */
export interface InboxRecord extends State {
  /** Changes with each newer state. */
  readonly sequence: string;
}

/**
 * A record is a Redis hash: `state` (sealed), `sequence`, and `job`, the id of the job that will come for it. The job id
 * is taken out when work starts, so a state that arrives during the work gets a job of its own.
 */
export class Inbox {
  readonly #redis: RedisCommands;
  readonly #prefix: string;
  readonly #seal: Seal;
  readonly #ttlMs: number;

  constructor(redis: RedisCommands, prefix: string, seal: Seal, ttlMs: number) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#seal = seal;
    this.#ttlMs = ttlMs;
  }

  /**
   * Stores a state, unless a newer version is stored already, and gives the id of the job that has to exist for it.
   * Without versions the later arrival wins.
   */
  async put(key: string, accountNumber: string, user: StoredUser | undefined, newJobId: string): Promise<string> {
    const state = await this.#seal.close(JSON.stringify({ accountNumber, user } satisfies State));
    for (;;) {
      const before = await this.#open(await this.#redis.hmget(this.#prefix + key, "state", "sequence"));
      const isObsolete = before !== undefined && isOlder(user?.version, before.user?.version);
      const job = await this.#redis.eval(
        PUT,
        1,
        this.#prefix + key,
        before?.sequence ?? "",
        isObsolete ? "" : state,
        newJobId,
        this.#ttlMs,
        // Not a counter: it would begin again once a record has been acknowledged, and a late worker would remove another state.
        crypto.randomUUID(),
      );
      // Another process wrote the record since it was read: its version has to be compared again.
      if (typeof job === "string") return job;
    }
  }

  /** The record, for a worker that begins: from now on a newer state gets another job. */
  async take(key: string): Promise<InboxRecord | undefined> {
    return this.#open((await this.#redis.eval(TAKE, 1, this.#prefix + key)) as (string | null)[]);
  }

  /** Removes the record if its state is still the one that was worked on. */
  async acknowledge(key: string, sequence: string): Promise<boolean> {
    return (await this.#redis.eval(ACKNOWLEDGE, 1, this.#prefix + key, sequence)) === 1;
  }

  /** The keys of all records with the job that will come for each, in small groups, whatever the number of records. */
  async *list(): AsyncGenerator<{ key: string; job: string | undefined }[]> {
    for await (const names of this.#names()) {
      const jobs = await Promise.all(names.map((name) => this.#redis.hmget(name, "job")));
      yield names.map((name, at) => ({ key: name.slice(this.#prefix.length), job: jobs[at]?.[0] ?? undefined }));
    }
  }

  /** How many records there are. Not quite exact while many come and go. */
  async count(): Promise<number> {
    let count = 0;
    for await (const names of this.#names()) count += names.length;
    return count;
  }

  /** True for one process in each period, which then gives jobs to records without one. */
  async isFirstToRecover(periodMs: number): Promise<boolean> {
    return (await this.#redis.eval(CLAIM, 1, `${this.#prefix.slice(0, -1)}.recover`, periodMs)) !== null;
  }

  async *#names(): AsyncGenerator<string[]> {
    let cursor = "0";
    do {
      const [next, names] = await this.#redis.scan(cursor, "MATCH", `${this.#prefix}*`, "COUNT", 500);
      cursor = next;
      yield names;
    } while (cursor !== "0");
  }

  async #open([state, sequence]: readonly (string | null)[]): Promise<InboxRecord | undefined> {
    if (!state || !sequence) return undefined;
    return { ...(JSON.parse(await this.#seal.open(state)) as State), sequence };
  }
}

/** Writes only over the record that was read. An empty state leaves the stored one, which is newer. Gives the job's id. */
const PUT = `
if (redis.call('HGET', KEYS[1], 'sequence') or '') ~= ARGV[1] then return 0 end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[1], 'state', ARGV[2], 'sequence', ARGV[5])
end
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[4]))
local job = redis.call('HGET', KEYS[1], 'job')
if job then return job end
redis.call('HSET', KEYS[1], 'job', ARGV[3])
return ARGV[3]
`;

const CLAIM = `return redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1])`;

const TAKE = `
redis.call('HDEL', KEYS[1], 'job')
return redis.call('HMGET', KEYS[1], 'state', 'sequence')
`;

const ACKNOWLEDGE = `
if redis.call('HGET', KEYS[1], 'sequence') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`;
