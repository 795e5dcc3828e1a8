import { OpleadError } from "../core/errors.ts";
import { isOlder } from "../ledger/version.ts";
import type { SendOptions } from "../reconcile/reconciliation.ts";
import type { Script } from "../redis/client.ts";
import {
  ACKNOWLEDGE,
  CLAIM,
  COUNT,
  DUE,
  FATE,
  KEPT,
  NOTE,
  PUT,
  padded,
  partsOf,
  type RecordParts,
  TAKE,
  TAKE_BACK,
} from "./inbox-scripts.ts";
import type { StoredResult, StoredUser } from "./job.ts";
import type { RedisAccess } from "./redis-access.ts";

// `expectedRevision` is in the record's head, because it changes between attempts.
export type StoredOptions = Pick<SendOptions, "resend" | "retryHeld" | "parent" | "runId">;

interface State {
  // Undefined if the user has it.
  readonly accountNumber?: string | undefined;
  // Undefined if the worker loads it from the source.
  readonly user?: StoredUser | undefined;
  readonly options?: StoredOptions | undefined;
  readonly traceparent?: string | undefined;
}

export interface InboxRecord extends State {
  readonly accountNumber: string;
  readonly sequence: string;
  readonly expectedRevision: number | undefined;
  readonly isOwed: boolean;
}

export interface NewState extends State {
  readonly key: string;
  readonly accountNumber: string;
  readonly expectedRevision: number | undefined;
  // A run's state is not owed: it can be taken back, and the report says so.
  readonly isOwed: boolean;
}

export interface Stored {
  // Undefined if a newer state was stored already.
  readonly sequence: string | undefined;
  readonly isOwed: boolean;
  // Another state of the user waited already.
  readonly joins: boolean;
  // It has begun with the former state: it is active, waits for an attempt, or is out of attempts.
  readonly formerJob: string | undefined;
}

// `waiting`: this state, or a newer one, waits. `job` has begun with it.
export type Fate =
  | { readonly is: "done"; readonly result: StoredResult | null }
  | { readonly is: "superseded" | "lost" }
  | { readonly is: "waiting"; readonly job: string };

const UNREADABLE = "unreadable";

// `inbox:KEY`: a user's record, kept a while after its acknowledgement, because a process that stood still may send an
// older state. `open`: users that are not acknowledged, by the time at which the sweep looks for their jobs. `done:KEY`:
// the last acknowledged sequence with its result. Without `open` and `done:KEY` the user was lost.
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
  async put({ key, accountNumber, expectedRevision, isOwed, ...mine }: NewState): Promise<Stored> {
    const isConditional = expectedRevision !== undefined;
    let stored: RecordParts | undefined;
    for (;;) {
      const before = stored && (await this.#opened(key, stored.state));
      if (before === UNREADABLE) throw notOpened();
      const wasOwed = stored?.isOwed === true;
      const isNewer = isOlder(before?.user?.version, mine.user?.version);
      const isObsolete = isOlder(mine.user?.version, before?.user?.version) || (isConditional && wasOwed && !isNewer);
      const options = together(before?.options, mine.options);
      const next: State = { ...mine, options, ...(!mine.user && { accountNumber }) };
      // A sequence is random: a counter would begin again after an acknowledgement, and a late worker could remove
      // another state.
      const sequence = Buffer.from(crypto.getRandomValues(new Uint8Array(12))).toString("base64url");
      const [owed, other, formerJob] = (await this.#run(
        PUT,
        key,
        stored?.sequence ?? "",
        isObsolete ? "" : await this.#seal.close(JSON.stringify(next), key),
        sequence,
        // An owed state is sent without comparing revisions: the entry's revision may already be that of this state.
        padded("revision", wasOwed || isOwed ? undefined : expectedRevision),
        isOwed ? "1" : "0",
        this.#ttlMs,
        CHECK_MS,
      )) as [owed: string | null, other?: string | number | null, formerJob?: string | null];
      if (owed !== null) {
        const about = { isOwed: owed === "1", joins: other === 1, formerJob: formerJob ?? undefined };
        return { sequence: isObsolete ? undefined : sequence, ...about };
      }
      stored = typeof other === "string" ? partsOf(other) : undefined;
    }
  }

  // After this call a newer state gets another job.
  async take(key: string, job: string): Promise<InboxRecord | typeof UNREADABLE | "acknowledged" | "lost"> {
    const taken = await this.#run(TAKE, key, padded("job", job));
    return typeof taken === "string" ? this.#recordOf(key, taken) : taken === 1 ? "acknowledged" : "lost";
  }

  async kept(key: string): Promise<InboxRecord | undefined> {
    const kept = (await this.#run(KEPT, key)) as string | null;
    const record = kept === null ? UNREADABLE : await this.#recordOf(key, kept);
    return record === UNREADABLE ? undefined : record;
  }

  // False if a newer state waits.
  async note(
    key: string,
    { sequence }: InboxRecord,
    { revision, isRetried }: { readonly revision?: number | undefined; readonly isRetried?: boolean } = {},
  ): Promise<boolean> {
    const retried = isRetried === undefined ? "" : isRetried ? "1" : "0";
    const noted = revision === undefined ? "" : padded("revision", revision);
    return (await this.#run(NOTE, key, sequence, noted, retried)) === 1;
  }

  // `"newer"`: a newer state waits. `"late"`: another worker has acknowledged a newer one.
  async acknowledge(
    key: string,
    { sequence }: InboxRecord,
    result: StoredResult | null,
    keepMs: number,
  ): Promise<"acknowledged" | "newer" | "late"> {
    const done = await this.#done(key, sequence, result);
    const state = await this.#run(ACKNOWLEDGE, key, sequence, done, this.#ttlMs, Math.ceil(keepMs));
    return state === 1 ? "acknowledged" : state === 0 ? "newer" : "late";
  }

  // Takes a state back only if no worker has begun with it and it is not owed.
  async takeBack(key: string, sequence: string): Promise<boolean> {
    return (await this.#run(TAKE_BACK, key, sequence, await this.#done(key, sequence, null), this.#ttlMs)) === 1;
  }

  async fate(key: string, sequence: string | undefined): Promise<Fate> {
    const [done, job] = (await this.#run(FATE, key)) as (string | null)[];
    if (sequence !== undefined && done?.startsWith(`${sequence} `)) {
      const text = await this.#seal.open(done.slice(sequence.length + 1), `done:${key}`);
      if (text === undefined) throw notOpened();
      return { is: "done", ...(JSON.parse(text) as { result: StoredResult | null }) };
    }
    if (typeof job === "string") return { is: "waiting", job };
    return { is: done ? "superseded" : "lost" };
  }

  // Users whose jobs may be missing: their process may have died before it added the job, or a person removed it.
  async *due(): AsyncGenerator<{ readonly key: string; readonly job: string }[]> {
    if ((await this.#redis.run(CLAIM, `${this.#base}:recover`, SWEEP_MS)) === null) return;
    for (;;) {
      const found = (await this.#run(DUE, "", `${this.#base}:inbox:`, AGAIN_MS)) as string[];
      if (found.length === 0) return;
      yield found.flatMap((key, at) => (at % 2 === 0 ? [{ key, job: found[at + 1] ?? "" }] : []));
    }
  }

  async count(): Promise<number> {
    return (await this.#run(COUNT, "")) as number;
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
    const accountNumber = state.accountNumber ?? state.user?.user.accountNumber ?? "";
    return { ...state, accountNumber, options, sequence, expectedRevision, isOwed };
  }

  async #opened(key: string, sealed: string): Promise<State | typeof UNREADABLE> {
    const text = await this.#seal.open(sealed, key);
    return text === undefined ? UNREADABLE : (JSON.parse(text) as State);
  }
}

// A crash before a job was added is noticed within ten seconds, a job that was removed within a minute.
const CHECK_MS = 4_000;
const SWEEP_MS = 2_000;
const AGAIN_MS = 50_000;

function together(before: StoredOptions | undefined, mine: StoredOptions = {}): StoredOptions {
  const [a, b] = [before?.retryHeld, mine.retryHeld];
  const steps = [...(Array.isArray(a) ? a : []), ...(Array.isArray(b) ? b : [])];
  const retryHeld = a === true || b === true || (steps.length > 0 ? steps : undefined);
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
