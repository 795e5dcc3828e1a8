import { copyError, type OpleadError } from "../errors.ts";
import type { Answer } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import { pausesWithin } from "./pauses.ts";
import type { Session } from "./session.ts";
import type { Waits } from "./upsert.ts";

/*
 * A server may answer from a replica that is some hundred milliseconds behind. How long a refusal is doubted depends on how
 * much speaks for that: long if the refusal is about a user that this client created moments ago, short if it does not say
 * what it is about, and not at all otherwise. So a genuine refusal costs at most a few seconds.
 */

/** For a refusal about a user that was written lately: six requests. */
export const LONG_MS = 6_000;
/** For a refusal that may be about one: four requests. */
export const SHORT_MS = 1_500;
/** Where waiting for the same thing was in vain before: two requests. */
const AGAIN_MS = 300;

/** That a refusal may pass by itself. */
export interface Suspicion {
  readonly budgetMs: number;
  /** What is waited for, for example a parent. Once that was in vain, the next wait for it is short. */
  readonly about: string;
}

/** The last answer, and whether it is a refusal that may still pass. */
export interface Patient {
  readonly answer: Answer;
  readonly mayPass: boolean;
}

/** Sends a request, and sends it again with growing pauses while its answer is under suspicion. */
export async function patiently(
  session: Session,
  call: Call,
  send: () => Promise<Answer>,
  suspect: (answer: Answer) => Suspicion | undefined | Promise<Suspicion | undefined>,
): Promise<Patient> {
  let pauses: Waits | undefined;
  for (;;) {
    const answer = await send();
    const suspicion = answer.status < 400 ? undefined : await suspect(answer);
    if (!suspicion) return { answer, mayPass: false };
    pauses ??= pausesFor(session, call, suspicion);
    if ((await pauses.next()) !== "ask") return { answer, mayPass: true };
  }
}

/** Pauses as long as the suspicion is worth, at most `settleMs`, and short ones where the same was waited for in vain. */
export function pausesFor(session: Session, call: Call, { budgetMs, about }: Suspicion): Waits {
  const { transport, waitedInVain } = session;
  const longest = waitedInVain.get(about) ? AGAIN_MS : transport.settings.settleMs;
  return pausesWithin(Math.min(budgetMs, longest), transport, call, () => {
    if (budgetMs > 0) waitedInVain.set(about, true);
  });
}

/** The error of a refusal that may still pass: the same call can succeed a little later. */
export function mayPassLater(error: OpleadError): OpleadError {
  const message = `${error.message} It concerns a user that was written moments ago, so it may pass: try again later.`;
  return copyError(error, { message, retryable: true });
}
