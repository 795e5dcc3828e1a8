import type { OpleadLogger } from "../../options.ts";

/** Unauthenticated senders decide how many of these lines there would be, and finding a reason may cost several HMACs. */
const LINES_PER_MINUTE = 20;

/** Warnings that requests from strangers can cause: at most twenty per minute. */
export class LimitedLog {
  readonly #logger: OpleadLogger;
  readonly #now: () => number;
  #minute = 0;
  #lines = 0;

  constructor(logger: OpleadLogger, now: () => number) {
    this.#logger = logger;
    this.#now = now;
  }

  /** A line that costs work is given as a function, which is called only if the line is written. */
  async warn(line: string | (() => Promise<string>)): Promise<void> {
    const minute = Math.floor(this.#now() / 60_000);
    if (minute !== this.#minute) [this.#minute, this.#lines] = [minute, 0];
    this.#lines += 1;
    if (this.#lines > LINES_PER_MINUTE) return;
    const last = this.#lines === LINES_PER_MINUTE ? ". Further lines like this are left out for this minute" : "";
    this.#logger.warn(`oplead-sdk: webhook: ${typeof line === "function" ? await line() : line}${last}`);
  }
}
