import { invalid } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import {
  argumentsCheck,
  clock,
  falseOr,
  filledText,
  ledger as ledgerSchema,
  options,
  valueThat,
} from "../core/validate.ts";
import { isObject, jsonIn } from "../core/values.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { ledgerError, useLedger } from "../ledger/ledger.ts";
import { changeNote } from "../ledger/notes.ts";
import { tellPause } from "../locales/en/failures.ts";
import { tellSyncOption } from "../locales/en/sync.ts";
import { isoTime } from "./types/records.ts";

/** A pause: no run sends anything until it is over. Webhooks and workers go on. */
export interface RunsPause {
  /** The person or program that paused, and why. */
  readonly by: string;
  /** ISO 8601. */
  readonly since: string;
  /** ISO 8601. */
  readonly until: string;
}

/** Options of {@link pauseRuns}. */
export interface PauseOptions {
  /** End of the pause: later than now, at most 30 days ahead. */
  readonly until: Date;
  /** The person or program that pauses, and why, for those who see that runs are paused. */
  readonly by: string;
  /** @internal */
  readonly now?: (() => number) | undefined;
}

const DAY_MS = 24 * 3_600_000;
const LONGEST_MS = 30 * DAY_MS;
// Largest difference assumed between the clocks of two machines.
const CLOCKS_DIFFER_MS = DAY_MS;

const checkReading = /* @__PURE__ */ argumentsCheck("readPause", () => ({ ledger: ledgerSchema(), now: clock() }));

const checkArguments = /* @__PURE__ */ argumentsCheck("pauseRuns", () => ({
  ledger: ledgerSchema(),
  options: falseOr(
    options<PauseOptions>(
      { now: clock() },
      {
        until: valueThat(
          (value) => value instanceof Date && Number.isFinite(value.getTime()),
          tellSyncOption("not_time"),
        ),
        by: filledText(),
      },
    ),
  ),
}));

/**
 * Pauses the runs until a time; `false` ends the pause. `syncUsers` and `plan.apply` then give a report with the status
 * `paused`; a run in progress ends before its next user. Webhooks, workers and test mode go on. Replaces an earlier
 * pause.
 *
 * ```ts
 * await pauseRuns(ledger, { until: new Date("2026-12-01T12:00:00Z"), by: "Ana (the HR export is wrong)" });
 * ```
 *
 * @returns the pause that was in force before. @throws {@link OpleadError} `invalid_input`; `invalid_options` for a
 * time in the past or too far ahead; `ledger_unavailable`; `ledger_conflict`.
 */
export async function pauseRuns(ledger: Ledger, given: PauseOptions | false): Promise<RunsPause | undefined> {
  checkArguments({ ledger, options: given });
  const now = (given === false ? undefined : given.now)?.() ?? Date.now();
  const pause = given && pauseOf(given, now);
  const text = pause ? JSON.stringify({ version: 1, ...pause }) : undefined;
  const before = await changeNote(ledger, "pause", "The pause of the ledger", () => text);
  const replaced = before === undefined ? undefined : parse(before);
  return replaced && isInForce(replaced, now) ? replaced : undefined;
}

function pauseOf({ until, by }: PauseOptions, now: number): RunsPause {
  const ahead = until.getTime() - now;
  if (ahead <= 0 || ahead > LONGEST_MS) {
    const found = issueAt("until", tellSyncOption(ahead <= 0 ? "time_over" : "time_too_far"));
    throw invalid("invalid_options", "pauseRuns: nothing was changed", [found]);
  }
  return { by, since: isoTime(now), until: isoTime(until.getTime()) };
}

/**
 * The pause in force, if any.
 *
 * @throws {@link OpleadError} `ledger_unavailable`, also for a pause that is damaged or ends later than a pause can (a
 * wrong clock): runs fail until it is set again or ended.
 */
export async function readPause(ledger: Ledger, now: () => number = Date.now): Promise<RunsPause | undefined> {
  checkReading({ ledger, now });
  const stored = await useLedger(() => ledger.readNote("pause"));
  if (stored === undefined) return undefined;
  const pause = parse(stored);
  if (!pause) throw ledgerError(tellPause("pause_damaged"));
  if (Date.parse(pause.until) - now() > LONGEST_MS + CLOCKS_DIFFER_MS) {
    throw ledgerError(tellPause("pause_too_long", { until: pause.until }));
  }
  return isInForce(pause, now()) ? pause : undefined;
}

function isInForce({ until }: RunsPause, now: number): boolean {
  return Date.parse(until) > now;
}

function parse(stored: string): RunsPause | undefined {
  const found = jsonIn(stored);
  if (!isObject(found) || found.version !== 1) return undefined;
  const { by, since, until } = found;
  const isTime = (value: unknown): value is string => typeof value === "string" && Number.isFinite(Date.parse(value));
  if (typeof by !== "string" || !isTime(since) || !isTime(until)) return undefined;
  return { by, since, until };
}
