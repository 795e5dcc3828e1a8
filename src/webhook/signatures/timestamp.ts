/** The signed time of sending. It bounds how long a recorded delivery can be sent again by an attacker. */

const DEFAULT_TOLERANCE_S = 300;

/** Seconds since 1970, from a header; some senders write milliseconds. Undefined for text that is not a time. */
export function readTimestamp(text: string | null | undefined): number | undefined {
  if (!text || !/^\d{1,15}$/.test(text)) return undefined;
  const number = Number(text);
  return number > 1e11 ? number / 1000 : number;
}

/** Why a timestamp is out of tolerance, for the log; undefined if it is within. */
export function outOfTolerance(
  timestamp: number,
  nowMs: number,
  toleranceSeconds: number = DEFAULT_TOLERANCE_S,
): string | undefined {
  const ageSeconds = nowMs / 1000 - timestamp;
  if (Math.abs(ageSeconds) <= toleranceSeconds) return undefined;
  const distance = `${Math.round(Math.abs(ageSeconds))} s ${ageSeconds > 0 ? "ago" : "in the future"}`;
  return (
    `the signature is right, but by this machine's clock it was made ${distance} (toleranceSeconds ${toleranceSeconds}): ` +
    "one of the two clocks is wrong, or an old delivery was sent again"
  );
}
