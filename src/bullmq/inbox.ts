import { OpleadError } from "../core/errors.ts";
import { isOlder } from "../ledger/version.ts";
import type { SendOptions } from "../reconcile/reconciliation.ts";
import type { Script } from "../redis/client.ts";
import {
  ACKNOWLEDGE,
  CLAIM,
  COUNT,
  FATE,
  GIVE_JOB,
  KEPT,
  LIST,
  NOTE,
  PUT,
  partsOf,
  type RecordParts,
  revisionText,
  TAKE,
  TAKE_BACK,
} from "./inbox-scripts.ts";
import { type JobData, jobOf, type StoredResult, type StoredUser } from "./job.ts";
import type { RedisAccess } from "./redis-access.ts";

/**
 * The options that are stored with a user. `expectedRevision` is stored in the head of the record instead, because it
 * changes between attempts.
 */
export type StoredOptions = Pick<SendOptions, "resend" | "retryHeld" | "parent" | "doubtedAt" | "runId">;

interface State {
  readonly accountNumber: string;
  /** The user to sync; undefined if the worker loads it from the source. */
  readonly user?: StoredUser | undefined;
  readonly options?: StoredOptions | undefined;
  /** The W3C trace context in which the state was enqueued. */
  readonly traceparent?: string | undefined;
}

/** The newest state of one user. */
export interface InboxRecord extends State {
  /** A random text. Each newer state of the user gets a new one. */
  readonly sequence: string;
  readonly expectedRevision: number | undefined;
  /** Whether a sender relies on this state being sent: see {@link NewState}. */
  readonly isOwed: boolean;
}

/** A state to store. */
export interface NewState extends State {
  readonly job: JobData;
  readonly expectedRevision: number | undefined;
  /**
   * Whether a sender relies on this state being sent. A run's state is not owed: it can be taken back, because the
   * run's report then says that the user was not sent.
   */
  readonly isOwed: boolean;
}

export interface Stored {
  /** The job that has to exist for the user. */
  readonly jobId: string;
  /**
   * The sequence of the stored state. Undefined if a newer state was stored already, so the given state was not stored.
   */
  readonly sequence: string | undefined;
  /** The user's previous job, if the user has a new job now. */
  readonly formerJobId?: string | undefined;
}

/**
 * What became of a stored state. `waiting`: this state, or a newer one of the user, still waits for the job `jobId`.
 */
export type Fate =
  | { readonly is: "done"; readonly result: StoredResult | null }
  | { readonly is: "superseded" | "lost" }
  | { readonly is: "waiting"; readonly jobId: string };

/** A user that is stored and not acknowledged. */
interface OpenUser {
  readonly jobId: string;
  readonly job: JobData;
}

/** A script of BullMQ that adds or ends a job, with its keys and arguments. */
export interface JobScript {
  readonly lua: string;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

/** A job that is to end in the step that acknowledges its user. */
export interface EndingJob {
  readonly id: string;
  readonly token: string;
  readonly platform: string;
  /** The script that ends the job, and perhaps takes the next one. */
  readonly script: JobScript;
}

/**
 * Ends a job with a script of BullMQ. `run` runs it: once its state is acknowledged, it resolves to the answer of
 * BullMQ's script and to what {@link Inbox.take} takes as `taken` for the next job. Otherwise it resolves to undefined.
 */
export type EndJob = (run: (job?: EndingJob) => Promise<EndedJob | undefined>) => Promise<void>;

export interface EndedJob {
  readonly answer: unknown;
  readonly taken: unknown;
}

const UNREADABLE = "unreadable";

/**
 * The states of users that no worker has acknowledged. It uses these keys in Redis, which are in the slot of the queue
 * if its prefix has braces:
 *
 * - `inbox:KEY`: the record of a user: the state and the parts named in {@link RecordParts}. It also notes whether a
 *   worker has begun with the state, so a state that arrives during the work gets a job of its own. After it was
 *   acknowledged, the record is kept for a while, because a process that stood still may then send an older state.
 * - `open`: a hash with the newest job of each user in the inbox. It is kept longer than the records, so it shows which
 *   records were lost. A record whose user has no job here was acknowledged.
 * - `done:KEY`: the sequence that was acknowledged last, and its result. If a job's user has neither this key nor a
 *   record, the user was lost.
 */
export class Inbox {
  readonly #redis: RedisAccess;
  readonly #base: string;
  readonly #seal: Seal;
  readonly #ttlMs: number;

  constructor(redis: RedisAccess, base: string, seal: Seal, ttlMs: number) {
    this.#redis = redis;
    this.#base = base;
    this.#seal = seal;
    this.#ttlMs = Math.ceil(ttlMs);
  }

  /**
   * Stores a state, unless a newer version is stored already. Without versions the state that arrives later wins,
   * with one exception: a plan's state does not replace a state that arrived in a different way, for example from a
   * webhook. Without a queue the result would be the same: the webhook's state would change the ledger's entry, so
   * the plan's state would not be sent.
   *
   * @throws {@link OpleadError} `invalid_options` if the stored state was encrypted with an unknown key.
   */
  async put(state: NewState, newJobId: string, { lua, keys, args }: JobScript = NO_SCRIPT): Promise<Stored> {
    const { job, expectedRevision, isOwed, ...mine } = state;
    const isConditional = expectedRevision !== undefined;
    let stored: RecordParts | undefined;
    for (;;) {
      const before = stored && (await this.#opened(stored.state));
      if (before === UNREADABLE) throw notOpened();
      const wasOwed = stored?.isOwed === true;
      const isNewer = isOlder(before?.user?.version, mine.user?.version);
      const isObsolete = isOlder(mine.user?.version, before?.user?.version) || (isConditional && wasOwed && !isNewer);
      const next: State = { ...mine, options: together(before?.options, mine.options) };
      // The sequence is not a counter: a counter would begin again once a record has been acknowledged, and a late
      // worker could then remove another state.
      const sequence = crypto.randomUUID();
      const values = [
        job.key,
        stored?.sequence ?? "",
        isObsolete ? "" : await this.#seal.close(JSON.stringify(next)),
        sequence,
        // If a sender relies on this state or on the stored one being sent, the state is sent whatever revision the
        // ledger's entry has: the stored state may have been sent already, which changes the revision.
        revisionText(wasOwed || isOwed ? undefined : expectedRevision),
        isOwed ? "1" : "0",
        openText({ jobId: newJobId, job }),
        this.#ttlMs,
      ];
      const asked = this.#redis.run(PUT(lua), [...this.#keys(job.key), ...keys], ...values, ...args);
      const [given, other] = (await asked) as [given: string | null, other?: string | null];
      if (given === null) {
        // Another process has replaced the record meanwhile: compare the version in the new record first.
        stored = other ? partsOf(other) : undefined;
        continue;
      }
      const jobId = openUser(job.key, given).jobId;
      const formerJobId = other ? openUser(job.key, other).jobId : undefined;
      return { jobId, sequence: isObsolete ? undefined : sequence, formerJobId };
    }
  }

  /**
   * Gives the record to a worker that begins with it. From then on, a newer state of the user gets another job. Without
   * a record: says whether the user was acknowledged or lost. `"unreadable"`: the record was encrypted with an unknown
   * key. `taken`: what Redis answered if the record was taken together with the job.
   */
  async take(key: string, taken?: unknown): Promise<InboxRecord | typeof UNREADABLE | "acknowledged" | "lost"> {
    taken ??= await this.#run(TAKE, key);
    return typeof taken === "string" ? this.#recordOf(taken) : taken === 1 ? "acknowledged" : "lost";
  }

  /** The record that was acknowledged last, while it is kept and no newer one is stored. */
  async kept(key: string): Promise<InboxRecord | undefined> {
    const kept = (await this.#run(KEPT, key)) as string | null;
    const record = kept === null ? UNREADABLE : await this.#recordOf(kept);
    return record === UNREADABLE ? undefined : record;
  }

  /**
   * Notes in the record what an attempt has done: the revision that the ledger's entry has now, and whether held steps
   * were tried.
   */
  async note(key: string, { sequence }: InboxRecord, revision: number, isRetried: boolean): Promise<void> {
    await this.#run(NOTE, key, sequence, revisionText(revision), isRetried ? "1" : "0");
  }

  /**
   * Acknowledges the record if its state is still the one that the worker has sent, and keeps the record for `keepMs`.
   * `"newer"`: a newer state waits. `"late"`: another worker has acknowledged a newer state. With `end`, the job ends
   * in the same step if the record is acknowledged.
   */
  async acknowledge(
    key: string,
    { sequence }: InboxRecord,
    result: StoredResult | null,
    keepMs: number,
    end: EndJob = async (run) => void (await run()),
  ): Promise<"acknowledged" | "newer" | "late"> {
    const done = await this.#done(sequence, result);
    let state: unknown;
    await end(async ({ id, token, platform, script: { lua, keys, args } } = NO_JOB) => {
      const base = `${this.#base}:`;
      // The stored data of a job of the same platform begins with this text.
      const data = JSON.stringify({ platform }).slice(0, -1);
      const values = [key, sequence, done, this.#ttlMs, Math.ceil(keepMs), base, id, token, data, ...args];
      const asked = this.#redis.run(ACKNOWLEDGE(lua), [...this.#keys(key), ...keys], ...values);
      const [found, answer, taken] = (await asked) as unknown[];
      state = found;
      return found === 1 && answer !== null ? { answer, taken } : undefined;
    });
    return state === 1 ? "acknowledged" : state === 0 ? "newer" : "late";
  }

  /**
   * Removes the stored state of a user if no worker has begun with the state and no sender was told that it will be
   * sent.
   */
  async takeBack(key: string, { jobId, sequence }: Stored): Promise<boolean> {
    if (sequence === undefined) return false;
    const done = await this.#done(sequence, null);
    return (await this.#run(TAKE_BACK, key, sequence, `${shortId(key, jobId)} `, done, this.#ttlMs)) === 1;
  }

  /** Finds out what became of the state of a user that was stored with this sequence number. */
  async fate(key: string, sequence: string | undefined): Promise<Fate> {
    const [done, open] = (await this.#run(FATE, key)) as (string | null)[];
    if (sequence !== undefined && done?.startsWith(`${sequence} `)) {
      const text = await this.#seal.open(done.slice(sequence.length + 1));
      if (text === undefined) throw notOpened();
      return { is: "done", ...(JSON.parse(text) as { result: StoredResult | null }) };
    }
    if (open) return { is: "waiting", jobId: openUser(key, open).jobId };
    return { is: done ? "superseded" : "lost" };
  }

  /** The users that are not acknowledged, in small groups, so that any number of them fits. */
  async *list(): AsyncGenerator<OpenUser[]> {
    let cursor = "0";
    do {
      const [next, fields] = (await this.#run(LIST, "", cursor)) as [string, string[]];
      cursor = next;
      yield fields.flatMap((text, at) => (at % 2 === 1 ? openUser(fields[at - 1] as string, text) : []));
    } while (cursor !== "0");
  }

  /**
   * Gives a user a new job, because the user's job is gone. False if the user has another job by now, or was
   * acknowledged.
   */
  async giveJob({ jobId, job }: OpenUser, newJobId: string): Promise<boolean> {
    const [before, next] = [jobId, newJobId].map((id) => openText({ jobId: id, job })) as [string, string];
    return (await this.#run(GIVE_JOB, job.key, before, next)) === 1;
  }

  async count(): Promise<number> {
    return (await this.#run(COUNT, "")) as number;
  }

  /** Chooses the process that looks for users without a job: true for one process in each period. */
  async isFirstToRecover(periodMs: number): Promise<boolean> {
    return (await this.#redis.run(CLAIM, `${this.#base}:recover`, periodMs)) !== null;
  }

  #run(script: Script, key: string, ...args: (string | number)[]): Promise<unknown> {
    return this.#redis.run(script, this.#keys(key), key, ...args);
  }

  #keys(key: string): string[] {
    return [`inbox:${key}`, "open", `done:${key}`].map((name) => `${this.#base}:${name}`);
  }

  async #done(sequence: string, result: StoredResult | null): Promise<string> {
    return `${sequence} ${await this.#seal.close(JSON.stringify({ result }))}`;
  }

  async #recordOf(text: string): Promise<InboxRecord | typeof UNREADABLE> {
    const { sequence, revision: expectedRevision, isOwed, isRetried, state: sealed } = partsOf(text);
    const state = await this.#opened(sealed);
    if (state === UNREADABLE) return UNREADABLE;
    const options = isRetried ? { ...state.options, retryHeld: false } : state.options;
    return { ...state, options, sequence, expectedRevision, isOwed };
  }

  async #opened(sealed: string): Promise<State | typeof UNREADABLE> {
    const text = await this.#seal.open(sealed);
    return text === undefined ? UNREADABLE : (JSON.parse(text) as State);
  }
}

const NO_SCRIPT: JobScript = { lua: "", keys: [], args: [] };
const NO_JOB: EndingJob = { id: "", token: "", platform: "", script: NO_SCRIPT };

/**
 * The value of a user in the Redis hash `open`: the job's id without the user's key at its beginning, and the platform.
 */
function openText({ jobId, job: { key, platform } }: OpenUser): string {
  return `${shortId(key, jobId)} ${platform}`;
}

function shortId(key: string, jobId: string): string {
  return jobId.startsWith(`${key}.`) ? jobId.slice(key.length) : jobId;
}

function openUser(key: string, text: string): OpenUser {
  const [id = "", ...platform] = text.split(" ");
  const jobId = id.startsWith(".") ? key + id : id;
  return { jobId, job: { ...jobOf(`${key}.`), platform: platform.join(" ") } };
}

/** The options of the newer state, with `resend` and `retryHeld` of the older state added. */
function together(before: StoredOptions | undefined, mine: StoredOptions = {}): StoredOptions {
  const [a, b] = [before?.retryHeld, mine.retryHeld];
  const retryHeld = a === true || b === true || [...(a || []), ...(b || [])];
  return { ...mine, resend: mine.resend || before?.resend, retryHeld };
}

/** How a record is written to Redis and read back. */
interface Seal {
  close(text: string): Promise<string>;
  /** Undefined if the record was encrypted with a key that this process does not have, or was not encrypted. */
  open(sealed: string): Promise<string | undefined>;
}

/**
 * Encrypts with AES-GCM, with the first key and a fresh nonce for each record. Decrypts with any of the keys. Without
 * keys, records are not encrypted.
 */
export function sealWith(keys: readonly string[]): Seal {
  const [newest, ...older] = keys.map((key) =>
    crypto.subtle.importKey("raw", Buffer.from(key, "base64"), "AES-GCM", false, ["encrypt", "decrypt"]),
  );
  if (!newest) return PLAIN;
  return {
    async close(text) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await newest, new TextEncoder().encode(text));
      return Buffer.concat([iv, new Uint8Array(data)]).toString("base64");
    },
    async open(sealed) {
      const data = Buffer.from(sealed, "base64");
      const algorithm = { name: "AES-GCM", iv: data.subarray(0, NONCE_BYTES) };
      for (const key of [newest, ...older]) {
        try {
          const text = await crypto.subtle.decrypt(algorithm, await key, data.subarray(NONCE_BYTES));
          return new TextDecoder().decode(text);
        } catch {
          // Another key may fit.
        }
      }
      return undefined;
    },
  };
}

const PLAIN: Seal = {
  close: async (text) => text,
  open: async (sealed) => (sealed.startsWith("{") ? sealed : undefined),
};

const NONCE_BYTES = 12;

function notOpened(): OpleadError {
  return new OpleadError(
    "invalid_options",
    "A stored user cannot be decrypted. All processes of a queue need the same encryptionKey.",
  );
}
