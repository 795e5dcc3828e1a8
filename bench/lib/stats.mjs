/** Differences smaller than this are noise on a shared two-core machine, whatever the medians say. */
export const NOISE = 0.1;

/**
 * @param {number[]} values
 * @returns {number}
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/**
 * @param {number[]} values
 * @param {number} share
 */
export function quartile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
}

/**
 * @param {number[]} values
 * @returns {number}
 */
export function spread(values) {
  return (quartile(values, 0.75) - quartile(values, 0.25)) / 2 / median(values);
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {boolean} true when the two are too close to call
 */
export function isNoise(a, b) {
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)) < NOISE;
}

/**
 * A copy of the list that begins at another element each round, so that no one always runs first or behind the same neighbour.
 * @template T
 * @param {T[]} list
 * @param {number} by
 * @returns {T[]}
 */
export function rotate(list, by) {
  const at = by % Math.max(list.length, 1);
  return [...list.slice(at), ...list.slice(0, at)];
}

/**
 * @param {number} value
 * @param {number} [digits] after the point
 */
export function round(value, digits = 2) {
  return Number(value.toFixed(digits));
}
