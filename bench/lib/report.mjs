// What the terminal shows: tables, and a verdict for each target.
import { isNoise } from "./stats.mjs";

/**
 * @typedef {object} Verdict
 * @property {string} what
 * @property {number} value
 * @property {number} limit value may be at most this
 * @property {string} [unit]
 */

const OURS = /^oplead-sdk/;

/**
 * @param {string} title
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 */
export function table(title, head, rows) {
  const cells = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const line = (/** @type {string[]} */ row) =>
    row.map((cell, column) => (column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[0] ?? 0))).join("   ");
  console.log(`\n${title}\n`);
  for (const [index, row] of cells.entries()) {
    console.log(`${OURS.test(row[0] ?? "") ? "›" : " "} ${line(row)}`);
    if (index === 0) console.log(`  ${widths.map((width) => "─".repeat(width)).join("───")}`);
  }
}

/** @param {Verdict[]} verdicts */
export function targets(verdicts) {
  if (verdicts.length === 0) return;
  table(
    "Targets",
    ["", "measured", "at most", "verdict"],
    verdicts.map(({ what, value, limit, unit = "" }) => {
      const verdict = value <= limit ? "pass" : "MISS";
      return [
        what,
        show(value, unit),
        show(limit, unit),
        isNoise(value, limit) ? `${verdict} (within noise)` : verdict,
      ];
    }),
  );
}

/**
 * @param {number} value
 * @param {string} unit
 */
function show(value, unit) {
  const number = Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(value < 10 ? 2 : 1);
  return unit ? `${number} ${unit}` : number;
}

/** @param {string} text */
export function note(text) {
  console.log(`  ${text}`);
}

/** @param {string} text */
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
