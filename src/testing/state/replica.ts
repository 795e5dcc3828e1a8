import { requireFields } from "../arguments.ts";
import { atLeast, handleOf, requireKnown } from "../controls.ts";
import type { FakeHandle, FakeLag, FakeRead } from "../types/fault.ts";
import type { FakeUser } from "../types/user.ts";
import { Directory, type Store } from "./store.ts";

interface Lag {
  readonly ms: number;
  readonly reads: ReadonlySet<FakeRead>;
  readonly directory: Directory;
  /** Writes that the directory does not have yet, oldest first. */
  readonly pending: { readonly user: FakeUser; readonly time: number }[];
  hits: number;
}

const allReads: readonly FakeRead[] = ["user", "rule", "parent", "unique"];

/** The view that look-ups have of a store: the store itself, or, while there is a lag, an older state of its users. */
export class Replica {
  readonly #store: Store;
  readonly #now: () => number;
  #lag: Lag | undefined;
  #missed = false;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
    store.onPut = (user) => this.#lag?.pending.push({ user, time: now() });
  }

  /** Begins a lag, in place of the one before. Writes until now are seen at once. */
  lag(given: FakeLag): FakeHandle {
    requireFields("lag", given, { ms: "a number", reads: "a list" }, "ms");
    const { ms, reads = ["user", "rule", "parent"] } = given;
    for (const read of reads) requireKnown("look-up", read, allReads);
    const lag: Lag = {
      ms: atLeast("ms", ms, 0),
      reads: new Set(reads),
      directory: new Directory(this.#store),
      pending: [],
      hits: 0,
    };
    this.#lag = lag;
    return handleOf(lag, () => {
      if (this.#lag === lag) this.#lag = undefined;
    });
  }

  find(read: FakeRead, idOrAccountNumber: string): FakeUser | undefined {
    const current = this.#store.find(idOrAccountNumber);
    const seen = this.#directoryFor(read).find(idOrAccountNumber);
    this.#missed ||= seen?.id !== current?.id;
    return seen;
  }

  /** The user, other than `id`, who already holds the accountNumber or login. */
  holder(...asked: Parameters<Directory["holder"]>): string | undefined {
    const seen = this.#directoryFor("unique").holder(...asked);
    this.#missed ||= seen !== this.#store.holder(...asked);
    return seen;
  }

  /** Runs what one request asks for. If the lag let a look-up find another user or none, it has hit the request. */
  request<T>(run: () => T): T {
    this.#missed = false;
    const result = run();
    if (this.#missed && this.#lag) this.#lag.hits += 1;
    return result;
  }

  /** The replica as it is by now; the store if look-ups of this kind do not lag. */
  #directoryFor(read: FakeRead): Directory {
    if (!this.#lag?.reads.has(read)) return this.#store;
    const { pending, directory, ms } = this.#lag;
    const visible = this.#now() - ms;
    while (pending[0] && pending[0].time <= visible) directory.put((pending.shift() as (typeof pending)[0]).user);
    return directory;
  }
}
