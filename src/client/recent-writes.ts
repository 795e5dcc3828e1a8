import { Recent } from "../base/recent.ts";
import type { Clock } from "../base/time/clock.ts";

const FIVE_MINUTES = 300_000;

/**
 * The ids and account numbers of users that were written in the last five minutes. A server that reads from a replica may not
 * know them yet, so a refusal that concerns one of them is not final.
 */
export class RecentWrites {
  readonly #clock: Pick<Clock, "now">;
  /** When the user was created; undefined inside for a user that existed before. */
  readonly #writes: Recent<{ readonly createdAt: number | undefined }>;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#writes = new Recent(clock, FIVE_MINUTES);
  }

  /** Notes a user that was written now, and may have been created by that. */
  note(identifier: string): void {
    this.#writes.set(identifier, { createdAt: this.#clock.now() });
  }

  /** Notes a user that was updated, so it existed before. */
  noteUpdate(identifier: string): void {
    if (this.createdMsAgo(identifier) === undefined) this.#writes.set(identifier, { createdAt: undefined });
  }

  has(identifier: string): boolean {
    return this.#writes.get(identifier) !== undefined;
  }

  /** How long ago the user was created, in milliseconds; undefined if that was not lately. */
  createdMsAgo(identifier: string): number | undefined {
    const createdAt = this.#writes.get(identifier)?.createdAt;
    return createdAt === undefined ? undefined : this.#clock.now() - createdAt;
  }
}
