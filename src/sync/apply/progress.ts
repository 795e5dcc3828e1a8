import type { SyncProgress } from "../options.ts";

/** Counts users and tells of each. */
export class Progress {
  readonly #total: number;
  readonly #startedAt: number;
  readonly #now: () => number;
  readonly #tell: ((progress: SyncProgress) => void) | undefined;
  #done = 0;
  #failed = 0;
  #skipped = 0;

  constructor(total: number, now: () => number, tell: ((progress: SyncProgress) => void) | undefined) {
    this.#total = total;
    this.#now = now;
    this.#startedAt = now();
    this.#tell = tell;
  }

  step(outcome: "arrived" | "failed" | "skipped"): void {
    this.#done += 1;
    if (outcome === "failed") this.#failed += 1;
    if (outcome === "skipped") this.#skipped += 1;
    if (!this.#tell) return;
    const elapsed = this.#now() - this.#startedAt;
    const rate = elapsed > 0 ? (this.#done / elapsed) * 1000 : 0;
    const etaMs = rate > 0 ? Math.round(((this.#total - this.#done) / rate) * 1000) : undefined;
    const [done, total, failed, skipped] = [this.#done, this.#total, this.#failed, this.#skipped];
    this.#tell({ done, total, failed, skipped, rate, etaMs });
  }
}
