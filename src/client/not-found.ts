import { profilesOf } from "../contract/answers.ts";
import { OpleadError } from "../errors.ts";
import { type Answer, errorOf } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import type { Session } from "./session.ts";

const A_MINUTE = 60_000;

/**
 * Makes sure that a 404 comes from Oplead. A proxy or a wrong base URL answers 404 too, and creating a user on its word would
 * make a second one. A 404 with a JSON body is trusted; any other only if the API has answered at the same base URL within
 * the last minute (`GET /v1/settings/user-profiles`).
 *
 * @throws {@link OpleadError} `unexpected_response`, retryable, if it does not answer there.
 */
export async function requireNotFoundByOplead(session: Session, answer: Answer, call: Call): Promise<void> {
  if (answer.isOpleads) return;
  answer.vouched = await apiAnswers(session, call);
  const error = answer.vouched ? undefined : errorOf(answer, call);
  if (error) throw error;
}

async function apiAnswers(session: Session, call: Call): Promise<boolean> {
  const { transport, contract } = session;
  if (transport.clock.now() - session.answeredAt < A_MINUTE) return true;
  try {
    const answer = await contract.listUserProfiles(call);
    const { status, isOpleads } = answer;
    // A token that may not read the profiles is refused by the API all the same.
    const isApi = status < 300 ? profilesOf(answer) !== undefined : status < 500 && status !== 404 && isOpleads;
    if (isApi) session.answeredAt = transport.clock.now();
    return isApi;
  } catch (error) {
    if (error instanceof OpleadError && error.code === "aborted") throw error;
    return false;
  }
}
