import type { Call } from "../transport/call.ts";
import type { Transport } from "../transport/transport.ts";

const FIRST_MS = 100;
const LONGEST_MS = 1_000;

/**
 * Pauses between questions to a server that may know the answer a little later: 100 ms, 200 ms and so on up to 1 s, each up
 * to a quarter shorter or longer, until the budget or the call's deadline is used up.
 */
export class Pauses {
  readonly #transport: Transport;
  readonly #call: Call;
  readonly #until: number;
  #next = FIRST_MS;
  /** A process can stand still for longer than the budget. A creation must not be repeated without a question between. */
  #mustAsk: boolean;

  constructor(transport: Transport, call: Call, budgetMs: number) {
    this.#transport = transport;
    this.#call = call;
    this.#until = transport.clock.now() + budgetMs;
    this.#mustAsk = budgetMs > 0;
  }

  /** Waits, and says whether to ask now. "over": the budget is used up. "deadline": the call must end before that. */
  async next(): Promise<"ask" | "over" | "deadline"> {
    const { clock } = this.#transport;
    const left = Math.max(this.#until - clock.now(), 0);
    if (left === 0 && !this.#mustAsk) return "over";
    this.#mustAsk = false;
    const ms = Math.min(this.#next * (0.75 + clock.random() / 2), left);
    this.#next = Math.min(this.#next * 2, LONGEST_MS);
    if (clock.now() + ms >= this.#call.deadlineAt) return "deadline";
    await this.#transport.sleep(ms, this.#call);
    return "ask";
  }
}
