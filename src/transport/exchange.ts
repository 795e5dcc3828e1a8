import { onAbort } from "./abort.ts";
import { type Answer, readAnswer } from "./answer.ts";
import type { Call } from "./call.ts";
import type { Clock } from "./clock.ts";
import { aborted, connectionFailure, type Failure, inFlight, timedOut } from "./failures.ts";
import type { Send, WireRequest } from "./send/wire.ts";

/** Sends a request once. It is given up at its timeout, at the call's deadline or when the call is aborted. */
export function exchange(send: Send, request: WireRequest, call: Call, clock: Clock): Promise<Answer | Failure> {
  const left = call.deadlineAt - clock.now();
  const limit = Math.min(call.timeoutMs, left);
  return new Promise((resolve) => {
    const sending = send(request);
    const end = (result: Answer | Failure): void => {
      clock.clearTimeout(timer);
      stop();
      resolve(result);
    };
    const leave = (): void => {
      end({ error: inFlight(aborted(call)), neverSent: false, final: true });
      sending.cancel();
    };
    const stop = onAbort(call.signal, leave);
    const timer = clock.setTimeout(() => {
      end({ error: inFlight(timedOut(call, limit === left)), neverSent: false, final: limit === left });
      sending.cancel();
    }, limit);
    sending.answer.then(
      (answer) => end(readAnswer(answer, clock.date())),
      (error: unknown) => end(connectionFailure(error, call)),
    );
    // A caller's own fetch may have aborted the call before there was a listener.
    if (call.signal?.aborted) leave();
  });
}
