import type { FakeIds } from "../types/fake-oplead.ts";
import type { Store } from "./store.ts";

/** Ids beyond what a JavaScript number holds exactly (2^53): `JSON.parse` reads the second one as the first. */
const LARGE = 2n ** 53n;

/** Makes the ids of new users, and says how answers carry an id. */
export class Ids {
  readonly #ids: FakeIds;
  /** The ids in answers for those that `ids`, a function, made. */
  readonly #made = new Map<string, unknown>();
  #last = 0;

  constructor(ids: FakeIds) {
    this.#ids = ids;
  }

  /** Never gives out an id twice, so an id that was answered in test mode does not belong to a later user. */
  next(store: Store): string {
    let id: string;
    do {
      this.#last += 1;
      id = this.#make(this.#last, store);
    } while (store.byId(id) !== undefined);
    return id;
  }

  /** A bigint stands for digits without quotes. */
  sent(id: string): unknown {
    if (this.#ids === "numbers" || this.#ids === "large") return BigInt(id);
    return this.#made.has(id) ? this.#made.get(id) : id;
  }

  /** Why the fake cannot have a user with this id; undefined if it can. */
  refuse(id: string): string | undefined {
    const isDigits = typeof this.#ids === "string" && this.#ids !== "uuid";
    return isDigits && !/^\d+$/.test(id) ? "must be digits" : undefined;
  }

  #make(count: number, store: Store): string {
    const digits = String(100_000 + count);
    if (this.#ids === "large") return String(LARGE + BigInt(count - 1));
    if (this.#ids === "uuid") return `7d0c2f3e-5b1a-4c8e-9f46-${digits.padStart(12, "0")}`;
    if (typeof this.#ids === "string") return digits;
    const value = this.#ids(count);
    // A function may give the same value to all users, or a value that cannot be an id: the fake then keeps digits.
    const isId = ["string", "number", "bigint"].includes(typeof value) && store.byId(String(value)) === undefined;
    const id = isId ? String(value) : digits;
    this.#made.set(id, value);
    return id;
  }
}
