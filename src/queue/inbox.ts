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
  READ,
  TAKE,
  TAKE_BACK,
} from "./inbox-scripts.ts";
import type { JobData, StoredResult, StoredUser } from "./job.ts";
import type { RedisAccess } from "./redis-access.ts";
import { notOpened, type Seal } from "./seal.ts";

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

/** The result for a state. `job`: it, or a newer one, still waits for this job. */
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
  async put(state: NewState, newJobId: string): Promise<Stored> {
    const { job, expectedRevision, isOwed, ...mine } = state;
    const isConditional = expectedRevision !== undefined;
    for (;;) {
      const [text, read = "", , owed, open] = (await this.#run(READ, job.key)) as Fields;
      const before = text ? await this.#opened(text) : undefined;
      if (before === UNREADABLE) throw notOpened();
      const isNewer = isOlder(before?.user?.version, mine.user?.version);
      const isObsolete =
        isOlder(mine.user?.version, before?.user?.version) || (isConditional && owed === "1" && !isNewer);
      const next: State = { ...mine, options: together(before?.options, mine.options) };
      // Not a counter: it would begin again once a record has been acknowledged, and a late worker would remove another state.
      const sequence = crypto.randomUUID();
      const jobId = await this.#run(
        PUT,
        job.key,
        read ?? "",
        isObsolete ? "" : await this.#seal.close(JSON.stringify(next)),
        sequence,
        // The stored state may be sent already, and the ledger's entry with it.
        isConditional && owed !== "1" ? expectedRevision : "",
        isOwed ? "1" : "",
        newJobId,
        this.#ttlMs,
        JSON.stringify({ jobId: newJobId, job } satisfies OpenUser),
      );
      // Another process wrote the record since it was read: its version has to be compared again.
      if (typeof jobId !== "string") continue;
      const former = open ? (JSON.parse(open) as OpenUser).jobId : jobId;
      return { jobId, sequence: isObsolete ? undefined : sequence, formerJobId: former === jobId ? undefined : former };
    }
  }

  /**
   * The record, for a worker that begins: from now on a newer state gets another job. Without a record: whether the user was
   * acknowledged. `"unreadable"` if it was encrypted with an unknown key.
   */
  async take(key: string): Promise<InboxRecord | typeof UNREADABLE | "acknowledged" | "lost"> {
    const taken = await this.#run(TAKE, key);
    if (taken === 1) return "acknowledged";
    return (await this.#recordOf(taken === 0 ? [] : (taken as Fields))) ?? "lost";
  }

  /** The record that was acknowledged last, while it is kept and no newer one is stored. */
  async kept(key: string): Promise<InboxRecord | undefined> {
    const record = await this.#recordOf((await this.#run(KEPT, key)) as Fields);
    return record === UNREADABLE ? undefined : record;
  }

  /** Notes what an attempt has done: the revision that the entry has by now, and whether held steps were tried. */
  async note(key: string, { sequence }: InboxRecord, revision: number, isRetried: boolean): Promise<void> {
    await this.#run(NOTE, key, sequence, revision, isRetried ? "1" : "");
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
    const done = await this.#done(sequence, result);
    const state = await this.#run(ACKNOWLEDGE, key, sequence, done, this.#ttlMs, Math.ceil(keepMs));
    return state === 1 ? "acknowledged" : state === 0 ? "newer" : "late";
  }

  /** Removes a state that no worker has taken and that no sender relies on. */
  async takeBack(key: string, { jobId, sequence }: Stored): Promise<boolean> {
    if (sequence === undefined) return false;
    const done = await this.#done(sequence, null);
    return (await this.#run(TAKE_BACK, key, sequence, jobId, done, this.#ttlMs)) === 1;
  }

  /** The result for the state with this sequence. */
  async fate(key: string, sequence: string | undefined): Promise<Fate> {
    const [done, open] = (await this.#run(FATE, key)) as (string | null)[];
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
      const [next, fields] = (await this.#run(LIST, "", cursor)) as [string, string[]];
      cursor = next;
      yield fields.filter((_, at) => at % 2 === 1).map((text) => JSON.parse(text) as OpenUser);
    } while (cursor !== "0");
  }

  /** Gives a user another job, because its own is gone. False if it has another one by now, or was acknowledged. */
  async giveJob({ jobId, job }: OpenUser, newJobId: string): Promise<boolean> {
    const open = JSON.stringify({ jobId: newJobId, job } satisfies OpenUser);
    const before = JSON.stringify({ jobId, job } satisfies OpenUser);
    return (await this.#run(GIVE_JOB, job.key, before, open, newJobId)) === 1;
  }

  async count(): Promise<number> {
    return (await this.#run(COUNT, "")) as number;
  }

  /** True for one process in each period, which then looks for users without a job. */
  async isFirstToRecover(periodMs: number): Promise<boolean> {
    return (await this.#redis.run(CLAIM, `${this.#base}:recover`, periodMs)) !== null;
  }

  #run(script: Script, key: string, ...args: (string | number)[]): Promise<unknown> {
    const names = [`inbox:${key}`, "open", `done:${key}`, `kept:${key}`].map((name) => `${this.#base}:${name}`);
    return this.#redis.run(script, names, key, ...args);
  }

  async #done(sequence: string, result: StoredResult | null): Promise<string> {
    return `${sequence} ${await this.#seal.close(JSON.stringify({ result }))}`;
  }

  async #recordOf([text, sequence, revision, owed, retried]: Fields): Promise<
    InboxRecord | typeof UNREADABLE | undefined
  > {
    if (!text || !sequence) return undefined;
    const state = await this.#opened(text);
    if (state === UNREADABLE) return UNREADABLE;
    const options = retried ? { ...state.options, retryHeld: false } : state.options;
    const expectedRevision = revision ? Number(revision) : undefined;
    return { ...state, options, sequence, expectedRevision, isOwed: owed === "1" };
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
  retried?: string | null,
];

/** The newer state has to do what was asked for with the older one as well. */
function together(before: StoredOptions | undefined, mine: StoredOptions = {}): StoredOptions {
  const [a, b] = [before?.retryHeld, mine.retryHeld];
  const retryHeld = a === true || b === true || [...(a || []), ...(b || [])];
  return { ...mine, resend: mine.resend || before?.resend, retryHeld };
}
