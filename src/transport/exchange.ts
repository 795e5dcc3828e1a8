import type { OpleadError } from "../errors.ts";
import { type Answer, readAnswer } from "./answer.ts";
import type { Call } from "./call.ts";
import type { Clock } from "./clock.ts";
import { aborted, connectionFailure, type Failure, inFlight, timedOut } from "./failures.ts";
import type { Send, WireRequest } from "./send/wire.ts";
import { timer } from "./waiting.ts";

/** Sends a request once. It is given up at its timeout, at the call's deadline or when the call is aborted. */
export function exchange(send: Send, request: WireRequest, call: Call, clock: Clock): Promise<Answer | Failure> {
  const left = call.deadlineAt - clock.now();
  const limit = Math.min(call.timeoutMs, left);
  return new Promise((resolve) => {
    const sending = send(request);
    const giveUp = (error: OpleadError, final: boolean): void => {
      resolve({ error: inFlight(error), neverSent: false, final });
      sending.cancel();
    };
    const leave = (): void => giveUp(aborted(call), true);
    const end = timer(limit, call, clock, () => giveUp(timedOut(call, limit === left), limit === left), leave);
    const settle = (result: Answer | Failure): void => {
      end();
      resolve(result);
    };
    sending.answer.then(
      (answer) => settle(readAnswer(answer, clock.date())),
      (error: unknown) => settle(connectionFailure(error, call)),
    );
    // A caller's own fetch may have aborted the call before there was a listener.
    if (!call.signal?.aborted) return;
    end();
    leave();
  });
}
