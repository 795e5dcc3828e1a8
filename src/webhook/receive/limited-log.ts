import type { OpleadLogger } from "../../options.ts";

/** Unauthenticated senders decide how many of these lines there would be, and finding a reason may cost several HMACs. */
const LINES_PER_MINUTE = 20;

/**
 * Logs warnings that requests from strangers can cause: at most twenty per minute. A line that costs work is given as a
 * function, which is called only if the line is written.
 */
export function limitedWarnings(logger: OpleadLogger, now: () => number) {
  let minute = 0;
  let lines = 0;
  return async (line: string | (() => Promise<string>)): Promise<void> => {
    const thisMinute = Math.floor(now() / 60_000);
    if (thisMinute !== minute) [minute, lines] = [thisMinute, 0];
    lines += 1;
    if (lines > LINES_PER_MINUTE) return;
    const last = lines === LINES_PER_MINUTE ? ". Further lines like this are left out for this minute" : "";
    logger.warn(`oplead-sdk: webhook: ${typeof line === "function" ? await line() : line}${last}`);
  };
}
