import { copyError, type OpleadError } from "../core/errors.ts";
import { type Answer, errorOf } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import type { Transport } from "../transport/transport.ts";
import type { ClientState } from "./client-state.ts";
import type { Waits } from "./upsert.ts";

/*
 * A server may answer from a replica that is some hundred milliseconds behind, and so refuse a request wrongly. If the
 * refusal is about a user that the client wrote moments ago, the client repeats the request for some seconds. If the
 * refusal does not say what it is about, the client repeats the request for a shorter time. It does not repeat the
 * request after any other refusal. So even a refusal that is right delays the call by some seconds at most.
 */

/**
 * For how long a call repeats a request that was refused because of a user who was written lately, in milliseconds. A
 * call sends at most 12 requests in this time.
 */
export const LONG_MS = 6_000;
/**
 * For how long a call repeats a request whose refusal may be about a user who was written lately, in milliseconds. A
 * call sends at most 6 requests in this time.
 */
export const SHORT_MS = 1_500;
/**
 * For how long a call repeats a refused request if an earlier wait for the same cause did not help, in milliseconds. A
 * call sends at most 4 requests in this time.
 */
const AGAIN_MS = 300;

/** Why a refusal may be temporary. */
export interface Suspicion {
  readonly budgetMs: number;
  /**
   * The probable cause of the refusal, for example a parent that is not visible yet. After a wait that did not help,
   * the next wait for the same cause is short.
   */
  readonly about: string;
}

/**
 * Sends a request, and sends it again with growing pauses while the answer is a refusal that may be temporary. Returns
 * the first answer that is no such refusal.
 *
 * @throws {@link OpleadError} the error of a refusal that lasted too long; it is retryable.
 */
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
    // The cast is safe: at this place the answer is a refusal, and every refusal has an error.
    throw mayPassLater(errorOf(answer, call) as OpleadError);
  }
}

/**
 * The pauses after a refusal that may be temporary. They last as long as `budgetMs` and the option `settleMs` allow.
 * They are short if an earlier wait for the same cause did not help.
 */
export function pausesFor(state: ClientState, call: Call, { budgetMs, about }: Suspicion): Waits {
  const { transport, waitedInVain } = state;
  const longest = waitedInVain.get(about) ? AGAIN_MS : transport.settings.settleMs;
  return pausesWithin(Math.min(budgetMs, longest), transport, call, () => {
    if (budgetMs > 0) waitedInVain.set(about, true);
  });
}

const FIRST_MS = 100;
const LONGEST_MS = 1_000;

/**
 * The pauses between repeated requests to a server that may know the answer a little later: 100 ms, 200 ms and so on up
 * to 1 s, each up to a quarter shorter or longer, until the budget or the call's time is used up. `onOver` is called
 * when the budget is used up.
 */
export function pausesWithin(budgetMs: number, transport: Transport, call: Call, onOver = () => {}): Waits {
  const { clock } = transport;
  const until = clock.now() + budgetMs;
  let next = FIRST_MS;
  // One last question is asked after the budget has ended, because the process may have stood still between a question
  // and its answer.
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

/** The error of a refusal that may be temporary: the same call can succeed a little later. */
function mayPassLater(error: OpleadError): OpleadError {
  const message = `${error.message} It concerns a user that was written moments ago, so it may pass: try again later.`;
  return copyError(error, { message, retryable: true });
}
