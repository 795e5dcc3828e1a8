import { errorKind, isOpleadError } from "../core/errors.ts";
import { withLimit } from "../core/time.ts";
import { isObject, jsonIn } from "../core/values.ts";
import { tellAlertProblem } from "../locales/en/report.ts";
import { failedReport } from "../sync/report/create-report.ts";
import type { FailedReport } from "../sync/types/failed-report.ts";
import type { SyncReport } from "../sync/types/report.ts";
import { messageOf, type Night, nightOf } from "./night.ts";
import type { AlertFailure, AlertMessage, AlertProblem, AlertTarget, Notify, NotifyOptions } from "./options.ts";
import { checkNotifiers, type Receiver, receiverOf } from "./targets.ts";

/**
 * The record of an incident (one or more runs with a problem, one after the other). It is kept until a target has
 * accepted the message that the incident is over, as JSON in `LedgerInfo.alerts`.
 */
interface AlertRecord extends Pick<Night, "night" | "level" | "reasons"> {
  /** When the first run of the incident began, ISO 8601. */
  readonly since: string;
  /**
   * The beginning of the run that the last message was about, ISO 8601. Undefined as long as no target has accepted a
   * message.
   */
  readonly toldAt?: string | undefined;
  /**
   * When the run began that ended the incident, because it had no problem. ISO 8601; undefined while the incident
   * lasts.
   */
  readonly until?: string | undefined;
}

/**
 * After how many milliseconds a message is repeated. It is a little less than a day, because a daily run may begin some
 * minutes earlier than the one before.
 */
const DAY_MS = 20 * 3_600_000;

/**
 * Makes a function that sends messages about runs. Call it with the report of each run, or with the error that the run
 * threw. It sends one message when a run has a problem, one each day while runs have the problem, and one when a run
 * has no problem any more. A run has a problem if its exit code is not 0 or if runs are paused.
 *
 * ```ts
 * const notify = notifiers([{ webhook: env("SLACK_URL"), format: "slack" }], { ledger });
 * await notify(await syncUsers(oplead, options).catch((error) => error));
 * ```
 *
 * The ledger remembers which messages were sent. While the ledger cannot be read, {@link NotifyOptions.backup} is used
 * instead. A message that no target accepted is sent again after the next run. If the ledger has leases
 * (`redisLedger`), only one message is sent if two machines run at the same time.
 *
 * @throws {@link OpleadError} `invalid_options`, with every problem. The function that it returns never rejects.
 */
export function notifiers(targets: readonly AlertTarget[], options: NotifyOptions = {}): Notify {
  checkNotifiers(targets, options);
  const { ledger, backup, language = "en" } = options;
  const receivers = targets.map((target, index) => receiverOf(target, index, options));
  return async (given) => {
    const ended = isReport(given) ? given : failedReport(given);
    if ("counts" in ended && (ended.testMode || ended.part)) return [];
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
        // The record of the incident is saved before the message is sent. So if this process is killed in between, the
        // next run sends the message.
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

/**
 * Whether a value is a report. Any other value counts as a failure, so that a missing report is not taken for a good
 * run.
 */
function isReport(given: unknown): given is SyncReport | FailedReport {
  return isObject(given) && typeof given.startedAt === "string" && (isObject(given.counts) || isObject(given.reason));
}

/**
 * The record of the incident as it is after a run and before messages about the run are sent. Undefined if there was no
 * incident before the run and the run had no problem.
 */
function recordAfter(
  before: AlertRecord | undefined,
  night: Night | undefined,
  startedAt: string,
): AlertRecord | undefined {
  if (!night) return before && { ...before, until: before.until ?? startedAt };
  const { night: kind } = night;
  // A problem from before a pause may still exist after the pause, so the reasons of the runs before the pause are
  // kept.
  const earlier = kind === "paused" && before?.until === undefined ? (before?.reasons ?? []) : [];
  const added = earlier.filter(({ code }) => !night.reasons.some((reason) => reason.code === code));
  const reasons = [...night.reasons, ...added];
  const { since = startedAt, until, level = night.level } = before ?? {};
  // If a run failed, a message is sent on the same day, even if there was already a message about rows that could not
  // be sent. If no target has accepted the message that an incident is over, the next run with a problem continues that
  // incident.
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

/**
 * Sends a sample message to each target. The result has an entry for each target, with a reason if the sample may not
 * have arrived.
 */
export async function sendSamples(
  targets: readonly AlertTarget[],
  options: NotifyOptions = {},
): Promise<readonly { readonly target: string; readonly problem: AlertFailure | undefined }[]> {
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

/**
 * How many milliseconds to wait for the ledger's store. There is a limit, because a store that does not answer must not
 * keep a run from ending.
 */
const STORE_MS = 5_000;
/** How long to wait at most while another machine sends its messages, in milliseconds. */
const TURN_MS = 20_000;

/**
 * The name of the lease under which alerts are sent. Other leases are named by account numbers. A user with this
 * account number would only have to wait a little.
 */
const LEASE = "oplead-alerts";

/**
 * Stores the record of an incident. Undefined means that the last run had no problem, and that a target has accepted
 * the message that the incident is over.
 */
type SaveRecord = (record: AlertRecord | undefined) => Promise<void>;

/** The JSON in which the record of an incident is kept outside of the ledger. */
interface Beside {
  /** The same text as in `LedgerInfo.alerts`. */
  readonly alerts: string;
  /** True if the record could not be written to the ledger, so that it is newer than the ledger's record. */
  readonly isAhead: boolean;
}

/**
 * Runs a task with the record of the present incident. If the ledger has leases, only one machine at a time runs such a
 * task, so that the second of two runs finds the record of the first. If the ledger cannot be read, the task gets the
 * record in `backup`. The task also gets that record as long as it could not be written to the ledger. If neither can
 * be read, the task gets no record. `onFailure` is called with the reason if the record cannot be kept.
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
      // If the ledger could not be read, it may hold a newer record of the alerts than this process has read elsewhere.
      // So the record in the ledger is not replaced.
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

/**
 * Reads a record. A record that is damaged or was written by another version of the package is ignored. Then a message
 * about a continuing incident is sent once more.
 */
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
  // The cast is safe, because all fields of an AlertRecord have been checked.
  return isNight && areTimes && areReasons ? (record as unknown as AlertRecord) : undefined;
}
