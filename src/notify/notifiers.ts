import { errorKind, isOpleadError } from "../core/errors.ts";
import { withLimit } from "../core/time.ts";
import { isObject, jsonIn } from "../core/values.ts";
import { tellAlertProblem } from "../locales/en/report.ts";
import { failedReport } from "../sync/report/create-report.ts";
import type { FailedReport } from "../sync/types/failed-report.ts";
import type { SyncReport } from "../sync/types/report.ts";
import { messageOf, type Night, nightOf } from "./night.ts";
import type { AlertMessage, AlertProblem, AlertTarget, Notify, NotifyOptions } from "./options.ts";
import { checkNotifiers, type Receiver, receiverOf } from "./targets.ts";

/** The memory of an incident, until a target has been told that it is over. It is kept as JSON in `LedgerInfo.alerts`. */
interface AlertRecord extends Pick<Night, "night" | "level" | "reasons"> {
  /** When the first run of the incident began, ISO 8601. */
  readonly since: string;
  /** When the run began that the last message was about, ISO 8601. Undefined as long as no target took a message. */
  readonly toldAt?: string | undefined;
  /** When the first run began that was well again, ISO 8601, until a target took the message about it. */
  readonly until?: string | undefined;
}

/** A little less than a day, because a night begins some minutes earlier or later than the one before. */
const DAY_MS = 20 * 3_600_000;

/**
 * Makes a function that sends messages about runs. Give it the report of each run, or the error that the run threw. It sends one message when nights
 * stop being well, one each day while they are not, and one when they are well again. A night is well if its exit code is 0 and runs were not paused.
 *
 * ```ts
 * const notify = notifiers([{ webhook: env("SLACK_URL"), format: "slack" }], { ledger });
 * await notify(await syncUsers(oplead, options).catch((error) => error));
 * ```
 *
 * The ledger remembers which messages were sent, and {@link NotifyOptions.backup} does while the ledger cannot be read. A message that no target took
 * is sent by the next run. If the ledger has leases (`redisLedger`), two machines that run at once send one message.
 *
 * @throws {@link OpleadError} `invalid_options`, with every problem. The function that it returns never rejects.
 */
export function notifiers(targets: readonly AlertTarget[], options: NotifyOptions = {}): Notify {
  checkNotifiers(targets, options);
  const { ledger, backup, language = "en" } = options;
  const receivers = targets.map((target, index) => receiverOf(target, index, options));
  return async (given) => {
    const ended = isReport(given) ? given : failedReport(given);
    if ("counts" in ended && (ended.testMode || (ended.counts.notSelected ?? 0) > 0)) return [];
    const night = nightOf(ended, language);
    const problems: AlertProblem[] = [];
    const beats = receivers.map(async ({ title, beat }) => {
      const reason = await beat?.(night?.level !== 2);
      if (reason !== undefined) problems.push(tellAlertProblem("alert_not_sent", { target: title, reason }));
    });
    const tell = async (message: AlertMessage): Promise<boolean> => {
      const failures = await deliverTo(receivers, message);
      problems.push(...failures);
      return failures.length < receivers.filter(({ deliver }) => deliver).length;
    };
    await withRecord(
      receivers.some(({ deliver }) => deliver) ? { ledger, backup } : {},
      async (before, save) => {
        const record = recordAfter(before, night, ended.startedAt);
        if (!record) return;
        // It is saved before it is sent, so that the next run sends it if this process is killed in between.
        await save(record);
        if (!isDue(record, ended.startedAt)) return;
        const isOver = record.until !== undefined;
        const state = isOver ? "over" : record.toldAt === undefined ? "begun" : "continues";
        const isTaken = await tell(messageOf({ ...record, state }, options, night?.runId));
        if (isTaken) await save(isOver ? undefined : { ...record, toldAt: ended.startedAt });
      },
      (reason) => {
        if (problems.some(({ code }) => code === "alerts_not_remembered")) return;
        problems.push(tellAlertProblem("alerts_not_remembered", { reason }));
      },
    );
    await Promise.all(beats);
    return problems;
  };
}

/** Whether a value is a report. Any other value counts as a failure, so that a missing report does not pass for a good run. */
function isReport(given: unknown): given is SyncReport | FailedReport {
  return isObject(given) && typeof given.startedAt === "string" && (isObject(given.counts) || isObject(given.reason));
}

/** The record after the run, before messages are sent. Undefined if nights were well before and still are. */
function recordAfter(
  before: AlertRecord | undefined,
  night: Night | undefined,
  startedAt: string,
): AlertRecord | undefined {
  if (!night) return before && { ...before, until: before.until ?? startedAt };
  const { night: kind } = night;
  // A problem from before a pause may still be there after it, so its reasons stay.
  const earlier = kind === "paused" && before?.until === undefined ? (before?.reasons ?? []) : [];
  const added = earlier.filter(({ code }) => !night.reasons.some((reason) => reason.code === code));
  const reasons = [...night.reasons, ...added];
  const { since = startedAt, until, level = night.level } = before ?? {};
  // A failed night is told the same day, even if rows were told before. If no target took the end of an incident, the new one continues it.
  const isNew = until !== undefined || night.level > level;
  const toldAt = isNew ? undefined : before?.toldAt;
  return { night: kind, level: isNew ? night.level : level, reasons, since, toldAt };
}

function isDue({ until, toldAt }: AlertRecord, startedAt: string): boolean {
  if (until !== undefined || toldAt === undefined) return true;
  return Math.abs(Date.parse(startedAt) - Date.parse(toldAt)) >= DAY_MS;
}

async function deliverTo(receivers: readonly Receiver[], message: AlertMessage): Promise<AlertProblem[]> {
  const problems = await Promise.all(
    receivers.map(async ({ title, deliver }) => {
      const reason = await deliver?.(message);
      return reason === undefined ? [] : [tellAlertProblem("alert_not_sent", { target: title, reason })];
    }),
  );
  return problems.flat();
}

/** Sends a sample to each target. The result has an entry for each, with the reason why the sample may not have arrived. */
export async function sendSamples(
  targets: readonly AlertTarget[],
  options: NotifyOptions = {},
): Promise<readonly { readonly target: string; readonly problem: string | undefined }[]> {
  checkNotifiers(targets, options);
  const since = new Date().toISOString();
  const message = messageOf({ state: "sample", night: "sample", since, reasons: [] }, options);
  const receivers = targets.map((target, index) => receiverOf(target, index, options));
  return Promise.all(
    receivers.map(async ({ title, deliver, beat }) => ({
      target: title,
      problem: await (deliver ? deliver(message) : beat?.(true)),
    })),
  );
}

/** A store that does not answer must not keep a run from ending. */
const STORE_MS = 5_000;
/** The longest time that another machine needs for its messages. */
const TURN_MS = 20_000;

/** The name of the lease. Leases are by account number; a user with this number would only wait a little. */
const LEASE = "oplead-alerts";

/** Stores another record. Undefined: nights are well, and the targets know it. */
type SaveRecord = (record: AlertRecord | undefined) => Promise<void>;

/** The record as it is kept beside the ledger, as JSON. */
interface Beside {
  /** As in `LedgerInfo.alerts`. */
  readonly alerts: string;
  /** Whether the ledger did not take it. Then this record is newer than that of the ledger. */
  readonly isAhead: boolean;
}

/**
 * Runs a task with the record. If the ledger has leases, only one machine at a time does so: the second of two runs finds the record of the first.
 * While the ledger cannot be read, the record beside it counts, until the ledger has taken it. If neither can be read, there is no record.
 * `onFailure`: takes the reason why the record cannot be kept.
 */
async function withRecord(
  { ledger, backup }: Pick<NotifyOptions, "ledger" | "backup">,
  task: (record: AlertRecord | undefined, save: SaveRecord) => Promise<void>,
  onFailure: (reason: string) => void,
): Promise<void> {
  const reasonOf = (error: unknown): string => (isOpleadError(error) ? error.code : errorKind(error));
  const attempt = async <T>(use: () => Promise<T> | undefined, ms = STORE_MS): Promise<T | undefined> => {
    try {
      return await withLimit(Promise.resolve(use()), ms, () => {
        throw Object.assign(new Error(), { code: "TIMEOUT" });
      });
    } catch (error) {
      if (!backup) onFailure(reasonOf(error));
      return undefined;
    }
  };
  const keepBeside = (beside: Beside): void => {
    try {
      backup?.write(JSON.stringify(beside));
    } catch (error) {
      onFailure(reasonOf(error));
    }
  };
  const lease = await attempt(() => ledger?.lease?.(LEASE, AbortSignal.timeout(TURN_MS)), TURN_MS + STORE_MS);
  try {
    const found = ledger && (await attempt(async () => ({ alerts: (await ledger.getInfo())?.alerts })));
    const beside = readBeside(backup);
    let stored = found?.alerts ?? "";
    const save: SaveRecord = async (record) => {
      const alerts = record === undefined ? "" : JSON.stringify(record);
      // If the ledger could not be read, its record may be newer than this one, so it is not replaced.
      const write = async () => ledger?.setInfo({ alerts }).then(() => true);
      const isStored = found !== undefined && (alerts === stored || (await attempt(write)) === true);
      if (found !== undefined) stored = alerts;
      keepBeside({ alerts, isAhead: !isStored });
    };
    await task(read(beside && (!found || beside.isAhead) ? beside.alerts : stored), save);
  } finally {
    await attempt(() => lease?.release());
  }
}

function readBeside(backup: NotifyOptions["backup"]): Beside | undefined {
  const kept = jsonIn(backup?.read() ?? "");
  if (!isObject(kept) || typeof kept.alerts !== "string") return undefined;
  return { alerts: kept.alerts, isAhead: kept.isAhead === true };
}

/** Reads a record. One that is damaged or of another version is ignored, so an incident that goes on is told once more. */
function read(text: string): AlertRecord | undefined {
  const record = jsonIn(text);
  if (!isObject(record)) return undefined;
  const { since, toldAt, until, night, level, reasons } = record;
  const isTime = (value: unknown): boolean => typeof value === "string" && !Number.isNaN(Date.parse(value));
  const areReasons =
    Array.isArray(reasons) &&
    reasons.every((one) => isObject(one) && typeof one.code === "string" && typeof one.message === "string");
  const isNight =
    ["failed", "refused", "stopped", "rows", "paused"].includes(String(night)) && (level === 1 || level === 2);
  const areTimes = [toldAt, until].every((time) => time === undefined || isTime(time)) && isTime(since);
  // These fields are all that an AlertRecord has, checked one by one.
  return isNight && areTimes && areReasons ? (record as unknown as AlertRecord) : undefined;
}
