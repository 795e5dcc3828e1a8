import { isOlder } from "../ledger/version.ts";
import type { SendOptions } from "../reconcile/reconciliation.ts";
import { Script } from "../redis/client.ts";
import type { JobData, StoredResult, StoredUser } from "./job.ts";
import type { QueueRedis } from "./redis-access.ts";
import { notOpened, type Seal } from "./seal.ts";

/** The options that belong to a stored user. `expectedRevision` lies beside it, because it changes between attempts. */
export type StoredOptions = Pick<SendOptions, "resend" | "retryHeld" | "parent" | "doubtedAt">;

interface State {
  readonly accountNumber: string;
  /** The user to sync; undefined if the worker loads it from the source. */
  readonly user?: StoredUser | undefined;
  readonly options?: StoredOptions | undefined;
}

/** The newest state of one user. */
export interface InboxRecord extends State {
  /** Changes with each newer state. */
  readonly sequence: string;
  readonly expectedRevision: number | undefined;
  /** See {@link NewState}. */
  readonly isOwed: boolean;
}

/** A state to store. */
interface NewState extends State {
  readonly job: JobData;
  readonly expectedRevision: number | undefined;
  /** Whether a sender relies on it: only a state of a run can be taken back, because the run says so in its report. */
  readonly isOwed: boolean;
}

export interface Stored {
  /** The job that has to exist for the user. */
  readonly jobId: string;
  /** Undefined if a newer state is stored already. */
  readonly sequence: string | undefined;
}

/** What became of a state. `job`: it, or a newer one, still waits for this job. */
export type Fate =
  | { readonly is: "done"; readonly result: StoredResult | null }
  | { readonly is: "superseded" | "lost" }
  | { readonly is: "waiting"; readonly jobId: string };

/** A user that is stored and not acknowledged. */
export interface OpenUser {
  readonly jobId: string;
  readonly job: JobData;
}

const UNREADABLE = "unreadable";

/**
 * The states of users that no worker has acknowledged. The keys of Redis, each in the slot of the queue if its prefix has braces:
 *
 * - `inbox:KEY`: a hash of the sealed `state`, its `sequence`, and `job`, the id of the job that will come for it. The job id
 *   is taken out when work starts, so a state that arrives during the work gets a job of its own. `owed`: see {@link NewState}.
 * - `open`: a hash that has the newest job of each user in the inbox. It outlives records, so it shows which were lost.
 * - `done:KEY`: the sequence that was acknowledged last, with the result. A job without record and without it has lost its user.
 * - `kept:KEY`: the record that was acknowledged last, for as long as a process that stood still may send an older state.
 */
export class Inbox {
  readonly #redis: QueueRedis;
  readonly #base: string;
  readonly #seal: Seal;
  readonly #ttlMs: number;

  constructor(redis: QueueRedis, base: string, seal: Seal, ttlMs: number) {
    this.#redis = redis;
    this.#base = base;
    this.#seal = seal;
    this.#ttlMs = Math.ceil(ttlMs);
  }

  /**
   * Stores a state, unless a newer version is stored already. Without versions the later arrival wins, but the state of a plan
   * does not replace one that arrived in another way: without the queue the plan would have found a changed entry.
   *
   * @throws {@link OpleadError} `invalid_options` if the stored state was encrypted with an unknown key.
   */
  async put(state: NewState, newJobId: string): Promise<Stored> {
    const { job, expectedRevision, isOwed, ...mine } = state;
    const isConditional = expectedRevision !== undefined;
    const keys = [this.#record(job.key), this.#open];
    for (;;) {
      const [text, read = "", , owed] = await this.#read(job.key);
      const before = text ? await this.#opened(text) : undefined;
      if (before === UNREADABLE) throw notOpened();
      const isNewer = isOlder(before?.user?.version, mine.user?.version);
      const isObsolete =
        isOlder(mine.user?.version, before?.user?.version) || (isConditional && owed === "1" && !isNewer);
      const next: State = { ...mine, options: together(before?.options, mine.options) };
      // Not a counter: it would begin again once a record has been acknowledged, and a late worker would remove another state.
      const sequence = crypto.randomUUID();
      const jobId = await this.#redis.run(
        PUT,
        keys,
        read ?? "",
        isObsolete ? "" : await this.#seal.close(JSON.stringify(next)),
        sequence,
        // What is stored may be sent already, and the ledger's entry with it.
        isConditional && owed !== "1" ? expectedRevision : "",
        isOwed ? "1" : "",
        newJobId,
        this.#ttlMs,
        job.key,
        JSON.stringify({ jobId: newJobId, job } satisfies OpenUser),
      );
      // Another process wrote the record since it was read: its version has to be compared again.
      if (typeof jobId === "string") return { jobId, sequence: isObsolete ? undefined : sequence };
    }
  }

  /**
   * The record, for a worker that begins: from now on a newer state gets another job. Without a record: whether the user was
   * acknowledged. `"unreadable"` if it was encrypted with an unknown key.
   */
  async take(key: string): Promise<InboxRecord | typeof UNREADABLE | "acknowledged" | "lost"> {
    const taken = await this.#redis.run(TAKE, [this.#record(key), this.#open, this.#key("done", key)], key);
    if (taken === 1) return "acknowledged";
    return (await this.#recordOf(taken === 0 ? [] : (taken as Fields))) ?? "lost";
  }

  /** The record that was acknowledged last, while it is kept. */
  async kept(key: string): Promise<InboxRecord | undefined> {
    const record = await this.#recordOf(await this.#read(key, this.#key("kept", key)));
    return record === UNREADABLE ? undefined : record;
  }

  /** Notes the revision of the entry after an attempt that wrote it. */
  async expect(key: string, { sequence }: InboxRecord, revision: number): Promise<void> {
    await this.#redis.run(EXPECT, this.#record(key), sequence, revision);
  }

  /**
   * Removes the record if its state is still the one that was worked on, and keeps a copy for `keepMs`. `"newer"`: a newer one waits;
   * `"late"`: another worker has acknowledged a newer one.
   */
  async acknowledge(
    key: string,
    { sequence }: InboxRecord,
    result: StoredResult | null,
    keepMs: number,
  ): Promise<"acknowledged" | "newer" | "late"> {
    const keys = [this.#record(key), this.#open, this.#key("done", key), this.#key("kept", key)];
    const done = `${sequence} ${await this.#seal.close(JSON.stringify({ result }))}`;
    const state = await this.#redis.run(ACKNOWLEDGE, keys, sequence, done, this.#ttlMs, Math.ceil(keepMs), key);
    return state === 1 ? "acknowledged" : state === 0 ? "newer" : "late";
  }

  /** Removes a state that no worker has taken and that no sender relies on. */
  async takeBack(key: string, { jobId, sequence }: Stored): Promise<boolean> {
    if (sequence === undefined) return false;
    const keys = [this.#record(key), this.#open, this.#key("done", key)];
    const done = `${sequence} ${await this.#seal.close(JSON.stringify({ result: null }))}`;
    return (await this.#redis.run(TAKE_BACK, keys, sequence, jobId, done, this.#ttlMs, key)) === 1;
  }

  /** What became of the state with this sequence. */
  async fate(key: string, sequence: string | undefined): Promise<Fate> {
    const keys = [this.#key("done", key), this.#open];
    const [done, open] = (await this.#redis.run(FATE, keys, key)) as (string | null)[];
    if (sequence !== undefined && done?.startsWith(`${sequence} `)) {
      const text = await this.#seal.open(done.slice(sequence.length + 1));
      if (text === undefined) throw notOpened();
      return { is: "done", ...(JSON.parse(text) as { result: StoredResult | null }) };
    }
    if (open) return { is: "waiting", jobId: (JSON.parse(open) as OpenUser).jobId };
    return { is: done ? "superseded" : "lost" };
  }

  /** The users that are not acknowledged, in small groups, whatever their number. */
  async *list(): AsyncGenerator<OpenUser[]> {
    let cursor = "0";
    do {
      const [next, fields] = (await this.#redis.run(LIST, this.#open, cursor)) as [string, string[]];
      cursor = next;
      yield fields.filter((_, at) => at % 2 === 1).map((text) => JSON.parse(text) as OpenUser);
    } while (cursor !== "0");
  }

  /** Gives a user another job, because its own is gone. False if it has another one by now, or was acknowledged. */
  async giveJob({ jobId, job }: OpenUser, newJobId: string): Promise<boolean> {
    const open = JSON.stringify({ jobId: newJobId, job } satisfies OpenUser);
    const before = JSON.stringify({ jobId, job } satisfies OpenUser);
    return (
      (await this.#redis.run(GIVE_JOB, [this.#record(job.key), this.#open], job.key, before, open, newJobId)) === 1
    );
  }

  /** Forgets a user whose record is lost, so that it is reported once. */
  async giveUp(key: string): Promise<void> {
    await this.#redis.run(GIVE_UP, [this.#record(key), this.#open], key);
  }

  async count(): Promise<number> {
    return (await this.#redis.run(COUNT, this.#open)) as number;
  }

  /** True for one process in each period, which then looks for users without a job. */
  async isFirstToRecover(periodMs: number): Promise<boolean> {
    return (await this.#redis.run(CLAIM, `${this.#base}:recover`, periodMs)) !== null;
  }

  get #open(): string {
    return `${this.#base}:open`;
  }

  #record(key: string): string {
    return this.#key("inbox", key);
  }

  #key(kind: "inbox" | "done" | "kept", key: string): string {
    return `${this.#base}:${kind}:${key}`;
  }

  async #read(key: string, name = this.#record(key)): Promise<Fields> {
    return (await this.#redis.run(READ, name)) as Fields;
  }

  async #recordOf([text, sequence, revision, owed]: Fields): Promise<InboxRecord | typeof UNREADABLE | undefined> {
    if (!text || !sequence) return undefined;
    const state = await this.#opened(text);
    if (state === UNREADABLE) return UNREADABLE;
    return { ...state, sequence, expectedRevision: revision ? Number(revision) : undefined, isOwed: owed === "1" };
  }

  async #opened(sealed: string): Promise<State | typeof UNREADABLE> {
    const text = await this.#seal.open(sealed);
    return text === undefined ? UNREADABLE : (JSON.parse(text) as State);
  }
}

type Fields = readonly [
  state?: string | null,
  sequence?: string | null,
  revision?: string | null,
  owed?: string | null,
];

/** The newer state has to do what was asked for with the older one as well. */
function together(before: StoredOptions | undefined, mine: StoredOptions = {}): StoredOptions {
  const [a, b] = [before?.retryHeld, mine.retryHeld];
  const retryHeld = a === true || b === true || [...(a || []), ...(b || [])];
  return { ...mine, resend: mine.resend || before?.resend, retryHeld };
}

const READ = new Script("return redis.call('HMGET', KEYS[1], 'state', 'sequence', 'revision', 'owed')");

/** Writes only over the record that was read. An empty state leaves the stored one, which is newer. Gives the job's id. */
const PUT = new Script(`
  local record, open = KEYS[1], KEYS[2]
  local read, state, sequence, revision, owed, newJob, ttl, key, user = unpack(ARGV)
  if (redis.call('HGET', record, 'sequence') or '') ~= read then return 0 end
  if state ~= '' then redis.call('HSET', record, 'state', state, 'sequence', sequence, 'revision', revision) end
  if owed ~= '' then redis.call('HSET', record, 'owed', '1', 'revision', '') end
  redis.call('PEXPIRE', record, ttl)
  local job = redis.call('HGET', record, 'job')
  if job then return job end
  redis.call('HSET', record, 'job', newJob)
  redis.call('HSET', open, key, user)
  return newJob
`);

/** Gives the record, or 1 if it was acknowledged, or 0 if it is lost. */
const TAKE = new Script(`
  local record, open, done = unpack(KEYS)
  if redis.call('EXISTS', record) == 0 then
    return redis.call('HEXISTS', open, ARGV[1]) == 0 and redis.call('EXISTS', done) or 0
  end
  redis.call('HDEL', record, 'job')
  return redis.call('HMGET', record, 'state', 'sequence', 'revision', 'owed')
`);

const EXPECT = new Script(`
  if redis.call('HGET', KEYS[1], 'sequence') ~= ARGV[1] or (redis.call('HGET', KEYS[1], 'revision') or '') == '' then return 0 end
  return redis.call('HSET', KEYS[1], 'revision', ARGV[2])
`);

const ACKNOWLEDGE = new Script(`
  local record, open, done, kept = unpack(KEYS)
  local sequence, result, ttl, keepMs, key = unpack(ARGV)
  local stored = redis.call('HGET', record, 'sequence')
  if not stored then return -1 end
  if stored ~= sequence then return 0 end
  redis.call('HDEL', record, 'job')
  redis.call('RENAME', record, kept)
  redis.call('PEXPIRE', kept, keepMs)
  redis.call('SET', done, result, 'PX', ttl)
  redis.call('HDEL', open, key)
  return 1
`);

const TAKE_BACK = new Script(`
  local record, open, done = unpack(KEYS)
  local sequence, job, result, ttl, key = unpack(ARGV)
  local fields = redis.call('HMGET', record, 'sequence', 'job', 'owed')
  if fields[1] ~= sequence or fields[2] ~= job or fields[3] then return 0 end
  redis.call('DEL', record)
  redis.call('SET', done, result, 'PX', ttl)
  redis.call('HDEL', open, key)
  return 1
`);

const FATE = new Script("return {redis.call('GET', KEYS[1]), redis.call('HGET', KEYS[2], ARGV[1])}");

const LIST = new Script("return redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', 500)");

const GIVE_JOB = new Script(`
  local record, open = unpack(KEYS)
  local key, before, user, newJob = unpack(ARGV)
  if redis.call('HGET', open, key) ~= before then return 0 end
  redis.call('HSET', open, key, user)
  if redis.call('HEXISTS', record, 'job') == 1 then redis.call('HSET', record, 'job', newJob) end
  return 1
`);

const GIVE_UP = new Script(`
  if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('HDEL', KEYS[2], ARGV[1]) end
`);

const COUNT = new Script("return redis.call('HLEN', KEYS[1])");

const CLAIM = new Script("return redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1])");
