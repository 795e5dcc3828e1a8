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

/** The options that belong to a stored user. `expectedRevision` lies beside it, because it changes between attempts. */
export type StoredOptions = Pick<SendOptions, "resend" | "retryHeld" | "parent" | "doubtedAt" | "runId">;

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
  /** The user's job before, if it has another one now. */
  readonly formerJobId?: string | undefined;
}

/** The fate of a state. `waiting`: the state, or a newer one, still waits for this job. */
export type Fate =
  | { readonly is: "done"; readonly result: StoredResult | null }
  | { readonly is: "superseded" | "lost" }
  | { readonly is: "waiting"; readonly jobId: string };

/** A user that is stored and not acknowledged. */
interface OpenUser {
  readonly jobId: string;
  readonly job: JobData;
}

/** A script of BullMQ that adds a job, with its keys and arguments. */
export interface AddJob {
  readonly lua: string;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

const UNREADABLE = "unreadable";

/**
 * The states of users that no worker has acknowledged. The keys of Redis, each in the slot of the queue if its prefix has braces:
 *
 * - `inbox:KEY`: the sealed state and what belongs to it, as {@link RecordParts} has it. Whether its job has begun is noted there, so a state
 *   that arrives during the work gets a job of its own. When it was acknowledged, it stays for as long as a process that stood
 *   still may send an older state.
 * - `open`: a hash that has the newest job of each user in the inbox. It outlives records, so it shows which were lost. A record without
 *   a job here was acknowledged.
 * - `done:KEY`: the sequence that was acknowledged last, with the result. If a job has neither this nor a record, its user was lost.
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
   * Stores a state, unless a newer version is stored already. Without versions the later arrival wins, but the state of a plan
   * does not replace one that arrived in another way: without the queue the plan would have found a changed entry.
   *
   * @throws {@link OpleadError} `invalid_options` if the stored state was encrypted with an unknown key.
   */
  async put(state: NewState, newJobId: string, { lua, keys, args }: AddJob = NO_JOB): Promise<Stored> {
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
      // Not a counter: it would begin again once a record has been acknowledged, and a late worker would remove another state.
      const sequence = crypto.randomUUID();
      const values = [
        job.key,
        stored?.sequence ?? "",
        isObsolete ? "" : await this.#seal.close(JSON.stringify(next)),
        sequence,
        // The stored state may have been sent, which changes the ledger's entry.
        revisionText(wasOwed || isOwed ? undefined : expectedRevision),
        isOwed ? "1" : "0",
        openText({ jobId: newJobId, job }),
        this.#ttlMs,
      ];
      const asked = this.#redis.run(PUT(lua), [...this.#keys(job.key), ...keys], ...values, ...args);
      const [given, other] = (await asked) as [given: string | null, other?: string | null];
      if (given === null) {
        // Another record is stored, for example by another process: its version has to be compared first.
        stored = other ? partsOf(other) : undefined;
        continue;
      }
      const jobId = openUser(job.key, given).jobId;
      const formerJobId = other ? openUser(job.key, other).jobId : undefined;
      return { jobId, sequence: isObsolete ? undefined : sequence, formerJobId };
    }
  }

  /**
   * The record, for a worker that begins: from now on a newer state gets another job. Without a record: whether the user was
   * acknowledged. `"unreadable"` if it was encrypted with an unknown key.
   */
  async take(key: string): Promise<InboxRecord | typeof UNREADABLE | "acknowledged" | "lost"> {
    const taken = await this.#run(TAKE, key);
    return typeof taken === "string" ? this.#recordOf(taken) : taken === 1 ? "acknowledged" : "lost";
  }

  /** The record that was acknowledged last, while it is kept and no newer one is stored. */
  async kept(key: string): Promise<InboxRecord | undefined> {
    const kept = (await this.#run(KEPT, key)) as string | null;
    const record = kept === null ? UNREADABLE : await this.#recordOf(kept);
    return record === UNREADABLE ? undefined : record;
  }

  /** Notes what an attempt has done: the revision that the entry has by now, and whether held steps were tried. */
  async note(key: string, { sequence }: InboxRecord, revision: number, isRetried: boolean): Promise<void> {
    await this.#run(NOTE, key, sequence, revisionText(revision), isRetried ? "1" : "0");
  }

  /**
   * Acknowledges the record if its state is still the one that was worked on, and keeps it for `keepMs`. `"newer"`: a newer one waits;
   * `"late"`: another worker has acknowledged a newer one.
   */
  async acknowledge(
    key: string,
    { sequence }: InboxRecord,
    result: StoredResult | null,
    keepMs: number,
  ): Promise<"acknowledged" | "newer" | "late"> {
    const done = await this.#done(sequence, result);
    const state = await this.#run(ACKNOWLEDGE, key, sequence, done, this.#ttlMs, Math.ceil(keepMs));
    return state === 1 ? "acknowledged" : state === 0 ? "newer" : "late";
  }

  /** Removes a state that no worker has taken and that no sender relies on. */
  async takeBack(key: string, { jobId, sequence }: Stored): Promise<boolean> {
    if (sequence === undefined) return false;
    const done = await this.#done(sequence, null);
    return (await this.#run(TAKE_BACK, key, sequence, `${shortId(key, jobId)} `, done, this.#ttlMs)) === 1;
  }

  /** The result for the state with this sequence. */
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

  /** Gives a user another job, because its own is gone. False if it has another one by now, or was acknowledged. */
  async giveJob({ jobId, job }: OpenUser, newJobId: string): Promise<boolean> {
    const [before, next] = [jobId, newJobId].map((id) => openText({ jobId: id, job })) as [string, string];
    return (await this.#run(GIVE_JOB, job.key, before, next)) === 1;
  }

  async count(): Promise<number> {
    return (await this.#run(COUNT, "")) as number;
  }

  /** True for one process in each period, which then looks for users without a job. */
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

const NO_JOB: AddJob = { lua: "", keys: [], args: [] };

/** A user as `open` has it under its key: the job's id without the key that it begins with, and the platform. */
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

/** The options of the newer state, which also has to do what the older one was asked to do. */
function together(before: StoredOptions | undefined, mine: StoredOptions = {}): StoredOptions {
  const [a, b] = [before?.retryHeld, mine.retryHeld];
  const retryHeld = a === true || b === true || [...(a || []), ...(b || [])];
  return { ...mine, resend: mine.resend || before?.resend, retryHeld };
}

/** How a record is written to Redis and read back. */
interface Seal {
  close(text: string): Promise<string>;
  /** Undefined if the record was closed with a key that this process does not have, or without one. */
  open(sealed: string): Promise<string | undefined>;
}

/**
 * Encrypts with AES-GCM, the first key, and a fresh nonce for each record; opens with any of the keys. Without keys records stay as they
 * are.
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
