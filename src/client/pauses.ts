import type { Call } from "../transport/call.ts";
import type { Transport } from "../transport/transport.ts";
import type { Waits } from "./upsert.ts";

const FIRST_MS = 100;
const LONGEST_MS = 1_000;

/**
 * Pauses between questions to a server that may know the answer a little later: 100 ms, 200 ms and so on up to 1 s, each up
 * to a quarter shorter or longer, until the budget or the call's deadline is used up. `onOver` is called when the budget is.
 */
export function pausesWithin(budgetMs: number, transport: Transport, call: Call, onOver = () => {}): Waits {
  const { clock } = transport;
  const until = clock.now() + budgetMs;
  let next = FIRST_MS;
  // A process can stand still for longer than the budget. A creation must not be repeated without a question between.
  let mustAsk = budgetMs > 0;
  return {
    async next() {
      const left = Math.max(until - clock.now(), 0);
      if (left === 0 && !mustAsk) {
        onOver();
        return "over";
      }
      mustAsk = false;
      const ms = Math.min(next * (0.75 + clock.random() / 2), left);
      next = Math.min(next * 2, LONGEST_MS);
      if (clock.now() + ms >= call.deadlineAt) return "deadline";
      await transport.sleep(ms, call);
      return "ask";
    },
  };
}
