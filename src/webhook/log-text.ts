import { showIdentity } from "../redact.ts";

/** How log lines about a delivery begin. */
export function deliveryName(deliveryId: string | undefined, testMode: boolean): string {
  const id = deliveryId === undefined ? "" : ` ${showIdentity(deliveryId)}`;
  return `webhook delivery${id}${testMode ? " (test mode)" : ""}`;
}

/** The kind of a thrown value. Its message is left out, because messages of foreign errors may quote personal data. */
export function kindOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "a value that is not an Error";
  return /^\w{1,60}$/.test(thrown.name) ? `a ${thrown.name}` : "an error with an unusual name";
}

/** The first stack frame of an error. The message is skipped: it may quote data, in lines that look like stack frames. */
export function firstFrameOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { message, stack = "" } = error;
  const frame = /\n(\s+at .*)/.exec(stack.slice(stack.indexOf(message) + message.length))?.[1];
  return frame === undefined ? "" : `\n${frame}`;
}
