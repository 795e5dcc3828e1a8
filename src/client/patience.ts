import { copyError, type OpleadError } from "../core/errors.ts";
import { type Answer, errorOf } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import type { Transport } from "../transport/transport.ts";
import type { ClientState } from "./client-state.ts";
import type { Waits } from "./upsert.ts";

// A server may answer from a replica that lags, and refuse wrongly. So a request is repeated for seconds if the refusal
// is about a user written moments ago, for a shorter time if the refusal does not say what it is about, and never
// otherwise.

// The long wait: at most 12 requests.
export const LONG_MS = 6_000;
// The short wait: at most 6 requests.
export const SHORT_MS = 1_500;
// The wait after one for the same cause that did not help: at most 4 requests.
const AGAIN_MS = 300;

export interface Suspicion {
  readonly budgetMs: number;
  // The cause that is suspected. After a wait in vain, the next wait for the same cause is short.
  readonly about: string;
}

export async function patiently(
  state: ClientState,
  call: Call,
  send: () => Promise<Answer>,
  suspect: (answer: Answer) => Suspicion | undefined | Promise<Suspicion | undefined>,
): Promise<Answer> {
  let pauses: Waits | undefined;
  for (;;) {
    const answer = await send();
    const suspicion = answer.status < 400 ? undefined : await suspect(answer);
    if (!suspicion) return answer;
    pauses ??= pausesFor(state, call, suspicion);
    if ((await pauses.next()) === "ask") continue;
    // Safe: a suspicion needs a status of 400 or more, which has an error.
    throw mayPassLater(errorOf(answer, call) as OpleadError);
  }
}

export function pausesFor(state: ClientState, call: Call, { budgetMs, about }: Suspicion): Waits {
  const { transport, waitedInVain } = state;
  const longest = waitedInVain.get(about) ? AGAIN_MS : transport.settings.settleMs;
  return pausesWithin(Math.min(budgetMs, longest), transport, call, () => {
    if (budgetMs > 0) waitedInVain.set(about, true);
  });
}

const FIRST_MS = 100;
const LONGEST_MS = 1_000;

// Waits between requests: 100 ms, 200 ms … 1 s, with jitter.
export function pausesWithin(budgetMs: number, transport: Transport, call: Call, onOver = () => {}): Waits {
  const { clock } = transport;
  const until = clock.now() + budgetMs;
  let next = FIRST_MS;
  // The last question is marked by a flag and not by the clock: the process may stand still between question and
  // answer.
  let wasLast = budgetMs <= 0;
  return {
    async next() {
      if (wasLast) {
        onOver();
        return "over";
      }
      const left = Math.max(until - clock.now(), 0);
      const ms = Math.min(next * (0.75 + clock.random() / 2), left);
      wasLast = ms === left;
      next = Math.min(next * 2, LONGEST_MS);
      if (clock.now() + ms >= call.deadlineAt) return "deadline";
      await transport.sleep(ms, call);
      return "ask";
    },
  };
}

function mayPassLater(error: OpleadError): OpleadError {
  const message = `${error.message} It concerns a user that was written moments ago, so it may pass: try again later.`;
  return copyError(error, { message, retryable: true });
}
