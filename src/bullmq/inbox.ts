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

// `expectedRevision` is in the record's head, because it changes between attempts.
export type StoredOptions = Pick<SendOptions, "resend" | "retryHeld" | "parent" | "runId">;

interface State {
  readonly accountNumber: string;
  // Undefined if the worker loads it from the source.
  readonly user?: StoredUser | undefined;
  readonly options?: StoredOptions | undefined;
  readonly traceparent?: string | undefined;
}

export interface InboxRecord extends State {
  readonly sequence: string;
  readonly expectedRevision: number | undefined;
  readonly isOwed: boolean;
}

export interface NewState extends State {
  readonly job: JobData;
  readonly expectedRevision: number | undefined;
  // A run's state is not owed: it can be taken back, and the report says so.
  readonly isOwed: boolean;
}

export interface Stored {
  readonly jobId: string;
  // Undefined if a newer state was stored already.
  readonly sequence: string | undefined;
  readonly formerJobId?: string | undefined;
}

// `waiting`: this state, or a newer one, still waits for `jobId`.
export type Fate =
  | { readonly is: "done"; readonly result: StoredResult | null }
  | { readonly is: "superseded" | "lost" }
  | { readonly is: "waiting"; readonly jobId: string };

interface OpenUser {
  readonly jobId: string;
  readonly job: JobData;
}

export interface JobScript {
  readonly lua: string;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

export interface EndingJob {
  readonly id: string;
  readonly token: string;
  readonly platform: string;
  readonly script: JobScript;
}

// `run` acknowledges the state, then runs BullMQ's script and resolves to its answer; undefined if not acknowledged.
export type EndJob = (run: (job?: EndingJob) => Promise<EndedJob | undefined>) => Promise<void>;

export interface EndedJob {
  readonly answer: unknown;
  readonly taken: unknown;
}

const UNREADABLE = "unreadable";

// `inbox:KEY`: a user's record, kept a while after its acknowledgement, because a process that stood still may send an
// older state. `open`: a hash with each user's newest job, kept longer, so it shows lost records. `done:KEY`: the last
// acknowledged sequence with its result. Without `open` and `done:KEY` the user was lost.
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

  // Without versions the later arrival wins, but a plan never replaces another sender's state.
  async put(state: NewState, newJobId: string, { lua, keys, args }: JobScript = NO_SCRIPT): Promise<Stored> {
    const { job, expectedRevision, isOwed, ...mine } = state;
    const isConditional = expectedRevision !== undefined;
    let stored: RecordParts | undefined;
    for (;;) {
      const before = stored && (await this.#opened(job.key, stored.state));
      if (before === UNREADABLE) throw notOpened();
      const wasOwed = stored?.isOwed === true;
      const isNewer = isOlder(before?.user?.version, mine.user?.version);
      const isObsolete = isOlder(mine.user?.version, before?.user?.version) || (isConditional && wasOwed && !isNewer);
      const next: State = { ...mine, options: together(before?.options, mine.options) };
      // A sequence is random: a counter would begin again after an acknowledgement, and a late worker could remove
      // another state.
      const sequence = crypto.randomUUID();
      const values = [
        job.key,
        stored?.sequence ?? "",
        isObsolete ? "" : await this.#seal.close(JSON.stringify(next), job.key),
        sequence,
        // An owed state is sent without comparing revisions: the entry's revision may already be that of this state.
        revisionText(wasOwed || isOwed ? undefined : expectedRevision),
        isOwed ? "1" : "0",
        openText({ jobId: newJobId, job }),
        this.#ttlMs,
      ];
      const asked = this.#redis.run(PUT(lua), [...this.#keys(job.key), ...keys], ...values, ...args);
      const [given, other] = (await asked) as [given: string | null, other?: string | null];
      if (given === null) {
        stored = other ? partsOf(other) : undefined;
        continue;
      }
      const jobId = openUser(job.key, given).jobId;
      const formerJobId = other ? openUser(job.key, other).jobId : undefined;
      return { jobId, sequence: isObsolete ? undefined : sequence, formerJobId };
    }
  }

  // After this call a newer state gets another job. `taken`: Redis's answer, if it came with the job.
  async take(key: string, taken?: unknown): Promise<InboxRecord | typeof UNREADABLE | "acknowledged" | "lost"> {
    taken ??= await this.#run(TAKE, key);
    return typeof taken === "string" ? this.#recordOf(key, taken) : taken === 1 ? "acknowledged" : "lost";
  }

  async kept(key: string): Promise<InboxRecord | undefined> {
    const kept = (await this.#run(KEPT, key)) as string | null;
    const record = kept === null ? UNREADABLE : await this.#recordOf(key, kept);
    return record === UNREADABLE ? undefined : record;
  }

  async note(key: string, { sequence }: InboxRecord, revision: number, isRetried: boolean): Promise<void> {
    await this.#run(NOTE, key, sequence, revisionText(revision), isRetried ? "1" : "0");
  }

  // `"newer"`: a newer state waits. `"late"`: another worker has acknowledged a newer one. `end` ends the job in the
  // same step.
  async acknowledge(
    key: string,
    { sequence }: InboxRecord,
    result: StoredResult | null,
    keepMs: number,
    end: EndJob = async (run) => void (await run()),
  ): Promise<"acknowledged" | "newer" | "late"> {
    const done = await this.#done(key, sequence, result);
    let state: unknown;
    await end(async ({ id, token, platform, script: { lua, keys, args } } = NO_JOB) => {
      const base = `${this.#base}:`;
      const data = JSON.stringify({ platform }).slice(0, -1);
      const values = [key, sequence, done, this.#ttlMs, Math.ceil(keepMs), base, id, token, data, ...args];
      const asked = this.#redis.run(ACKNOWLEDGE(lua), [...this.#keys(key), ...keys], ...values);
      const [found, answer, taken] = (await asked) as unknown[];
      state = found;
      return found === 1 && answer !== null ? { answer, taken } : undefined;
    });
    return state === 1 ? "acknowledged" : state === 0 ? "newer" : "late";
  }

  // Takes a state back only if no worker has begun with it and it is not owed.
  async takeBack(key: string, { jobId, sequence }: Stored): Promise<boolean> {
    if (sequence === undefined) return false;
    const done = await this.#done(key, sequence, null);
    return (await this.#run(TAKE_BACK, key, sequence, `${shortId(key, jobId)} `, done, this.#ttlMs)) === 1;
  }

  async fate(key: string, sequence: string | undefined): Promise<Fate> {
    const [done, open] = (await this.#run(FATE, key)) as (string | null)[];
    if (sequence !== undefined && done?.startsWith(`${sequence} `)) {
      const text = await this.#seal.open(done.slice(sequence.length + 1), `done:${key}`);
      if (text === undefined) throw notOpened();
      return { is: "done", ...(JSON.parse(text) as { result: StoredResult | null }) };
    }
    if (open) return { is: "waiting", jobId: openUser(key, open).jobId };
    return { is: done ? "superseded" : "lost" };
  }

  async *list(): AsyncGenerator<OpenUser[]> {
    let cursor = "0";
    do {
      const [next, fields] = (await this.#run(LIST, "", cursor)) as [string, string[]];
      cursor = next;
      yield fields.flatMap((text, at) => (at % 2 === 1 ? openUser(fields[at - 1] as string, text) : []));
    } while (cursor !== "0");
  }

  async giveJob({ jobId, job }: OpenUser, newJobId: string): Promise<boolean> {
    const [before, next] = [jobId, newJobId].map((id) => openText({ jobId: id, job })) as [string, string];
    return (await this.#run(GIVE_JOB, job.key, before, next)) === 1;
  }

  async count(): Promise<number> {
    return (await this.#run(COUNT, "")) as number;
  }

  async isFirstToRecover(periodMs: number): Promise<boolean> {
    return (await this.#redis.run(CLAIM, `${this.#base}:recover`, periodMs)) !== null;
  }

  #run(script: Script, key: string, ...args: (string | number)[]): Promise<unknown> {
    return this.#redis.run(script, this.#keys(key), key, ...args);
  }

  #keys(key: string): string[] {
    return [`inbox:${key}`, "open", `done:${key}`].map((name) => `${this.#base}:${name}`);
  }

  async #done(key: string, sequence: string, result: StoredResult | null): Promise<string> {
    return `${sequence} ${await this.#seal.close(JSON.stringify({ result }), `done:${key}`)}`;
  }

  async #recordOf(key: string, text: string): Promise<InboxRecord | typeof UNREADABLE> {
    const { sequence, revision: expectedRevision, isOwed, isRetried, state: sealed } = partsOf(text);
    const state = await this.#opened(key, sealed);
    if (state === UNREADABLE) return UNREADABLE;
    const options = isRetried ? { ...state.options, retryHeld: false } : state.options;
    return { ...state, options, sequence, expectedRevision, isOwed };
  }

  async #opened(key: string, sealed: string): Promise<State | typeof UNREADABLE> {
    const text = await this.#seal.open(sealed, key);
    return text === undefined ? UNREADABLE : (JSON.parse(text) as State);
  }
}

const NO_SCRIPT: JobScript = { lua: "", keys: [], args: [] };
const NO_JOB: EndingJob = { id: "", token: "", platform: "", script: NO_SCRIPT };

// The job's id without the user's key before it, and the platform.
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

function together(before: StoredOptions | undefined, mine: StoredOptions = {}): StoredOptions {
  const [a, b] = [before?.retryHeld, mine.retryHeld];
  const retryHeld = a === true || b === true || [...(a || []), ...(b || [])];
  return { ...mine, resend: mine.resend || before?.resend, retryHeld };
}

interface Seal {
  close(text: string, key: string): Promise<string>;
  open(sealed: string, key: string): Promise<string | undefined>;
}

// AES-GCM with the first key and a fresh nonce; any of the keys decrypts. The inbox's key holds account number and mode,
// but is no proof of the platform: a record of staging could be copied into the queue of production under its own key.
export function sealWith(keys: readonly string[], platform: string): Seal {
  const [newest, ...older] = keys.map((key) =>
    crypto.subtle.importKey("raw", Buffer.from(key, "base64"), "AES-GCM", false, ["encrypt", "decrypt"]),
  );
  if (!newest) return PLAIN;
  const bytes = (text: string) => new TextEncoder().encode(text);
  const algorithmOf = (iv: Uint8Array<ArrayBuffer>, key: string) => ({
    name: "AES-GCM",
    iv,
    additionalData: bytes(`${key} ${platform}`),
  });
  return {
    async close(text, key) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const data = await crypto.subtle.encrypt(algorithmOf(iv, key), await newest, bytes(text));
      return Buffer.concat([iv, new Uint8Array(data)]).toString("base64");
    },
    async open(sealed, key) {
      const data = Buffer.from(sealed, "base64");
      const algorithm = algorithmOf(data.subarray(0, NONCE_BYTES), key);
      for (const each of [newest, ...older]) {
        try {
          const text = await crypto.subtle.decrypt(algorithm, await each, data.subarray(NONCE_BYTES));
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
    "A stored user cannot be decrypted: all processes of a queue need the same encryptionKey, and a state counts only for its own user, mode and platform.",
  );
}
