import { errorKind, reasonsOf } from "../base/error-code.ts";
import { sleep, withLimit } from "../base/time/waits.ts";
import type { AlertMessage, AlertTarget } from "./options.ts";
import { kindOf, type Reach, Refusal } from "./targets.ts";

/** Gives a message to one target. Resolves to why it has perhaps not arrived; undefined if it has. */
export type Deliver = (message: AlertMessage) => Promise<string | undefined>;

/** A target that gets messages, or is told of every run. */
export interface Receiver {
  /** For people: `notify[0] (slack)`. Without the address, which is a secret. */
  readonly title: string;
  /** Undefined for a heartbeat. */
  readonly deliver: Deliver | undefined;
  /** For a heartbeat: tells that a run has ended. */
  readonly beat: ((hasWorked: boolean) => Promise<string | undefined>) | undefined;
}

export function receiverOf(target: AlertTarget, index: number, settings: Omit<Reach, "signal">): Receiver {
  const twice = (attempt: (reach: Reach) => Promise<void>): Promise<string | undefined> =>
    tryTwice((signal) => attempt({ ...settings, signal }), settings.timeoutMs);
  const titled = (kind: string): string => `notify[${index}] (${kind})`;
  if (typeof target === "function") {
    const deliver: Deliver = (message) => twice(async () => target(message));
    return { title: titled("function"), deliver, beat: undefined };
  }
  const { name = "", titleOf, send, beat } = kindOf(target) ?? {};
  return {
    title: titled(titleOf?.(target) ?? name),
    deliver: send && ((message) => twice((reach) => send(target, message, reach))),
    beat: beat && ((hasWorked) => twice((reach) => beat(target, hasWorked, reach))),
  };
}

/** Throws if it fails. */
type Attempt = (signal: AbortSignal) => Promise<void>;

const PAUSE_MS = 1_000;

async function tryTwice(attempt: Attempt, timeoutMs = 5_000): Promise<string | undefined> {
  const late = `no answer within ${timeoutMs} ms`;
  for (let left = 1; ; left -= 1) {
    const ending = new AbortController();
    try {
      await withLimit(attempt(ending.signal), timeoutMs, () => {
        throw new Refusal(late, false);
      });
      return undefined;
    } catch (error) {
      // The message of any other error may hold the address.
      const reason = error instanceof Refusal ? error.message : (reasonsOf(error)[0]?.code ?? errorKind(error));
      if (left === 0 || (error instanceof Refusal && error.isFinal)) return reason;
    } finally {
      ending.abort();
    }
    await sleep(Math.min(PAUSE_MS, timeoutMs / 5));
  }
}
