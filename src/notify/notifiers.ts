import { errorKind, isOpleadError } from "../core/errors.ts";
import { withLimit } from "../core/time.ts";
import { isObject, jsonIn } from "../core/values.ts";
import { tellAlertProblem } from "../locales/en/report.ts";
import { failedReport } from "../sync/report/create-report.ts";
import type { FailedReport } from "../sync/types/failed-report.ts";
import type { SyncReport } from "../sync/types/report.ts";
import { type LeaverNews, leaverNews, messageOf, type Night, nightOf } from "./night.ts";
import type {
  AlertFailure,
  AlertMessage,
  AlertProblem,
  AlertReason,
  AlertTarget,
  Notify,
  NotifyOptions,
} from "./options.ts";
import { checkNotifiers, type Receiver, receiverOf } from "./targets.ts";

// One or more unwell runs in a row. The record stays in `LedgerInfo.alerts` until a target has taken the `over`
// message.
interface AlertRecord extends Pick<Night, "night" | "level" | "reasons"> {
  readonly since: string;
  // Beginning of the run that the last message was about.
  readonly toldAt?: string | undefined;
  // Beginning of the run that ended the incident.
  readonly until?: string | undefined;
}

interface LeaverRecord {
  readonly toldAt?: string | undefined;
  // News that no target has taken yet.
  readonly untold?: readonly AlertReason[] | undefined;
}

interface Memory {
  readonly incident?: AlertRecord | undefined;
  readonly leavers?: LeaverRecord | undefined;
}

// A little less than a week, as for a day.
const WEEK_MS = 164 * 3_600_000;
// News kept for targets that are down.
const MOST_UNTOLD = 20;

// Less than a day, because a daily run may begin some minutes earlier.
const DAY_MS = 20 * 3_600_000;

/**
 * Makes a function that sends messages about runs. Call it with the report of each run, or with the error that the run
 * threw. It sends one message when a run has a problem, one each day while runs have the problem, and one when a run
 * has no problem any more. A run has a problem if its exit code is not 0, if runs are paused, or if a problem of the
 * last run is still open.
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
    const news = leaverNews(ended, language);
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
        let memory = before;
        // Saved before a message goes: if this process is killed in between, the next run sends it.
        const keep = (changed: Memory): Promise<void> => {
          memory = { ...memory, ...changed };
          return save(memory);
        };
        const record = recordAfter(memory.incident, night, ended.startedAt);
        if (record) await keep({ incident: record });
        if (record && isDue(record, ended.startedAt)) {
          const isOver = record.until !== undefined;
          const state = isOver ? "over" : record.toldAt === undefined ? "begun" : "continues";
          const isTaken = await tell(messageOf({ ...record, state }, options, night));
          if (isTaken) await keep({ incident: isOver ? undefined : { ...record, toldAt: ended.startedAt } });
        }
        await tellLeavers(
          ended.startedAt,
          news,
          memory.leavers,
          (leavers) => keep({ leavers }),
          (told) => {
            return tell(messageOf({ ...told, night: "leavers", since: ended.startedAt }, options));
          },
        );
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

// News at once, and what is open once a week.
async function tellLeavers(
  startedAt: string,
  { fresh, open }: LeaverNews,
  before: LeaverRecord | undefined,
  keep: (leavers: LeaverRecord | undefined) => Promise<void>,
  tell: (told: Pick<AlertMessage, "state" | "reasons">) => Promise<boolean>,
): Promise<void> {
  const { toldAt, untold = [] } = before ?? {};
  const news = [...untold, ...fresh].slice(-MOST_UNTOLD);
  const isWeekOver = toldAt === undefined || Math.abs(Date.parse(startedAt) - Date.parse(toldAt)) >= WEEK_MS;
  if (news.length === 0 && (open.length === 0 || !isWeekOver)) {
    if (before && open.length === 0) await keep(undefined);
    return;
  }
  await keep({ toldAt, untold: news });
  const isTaken = await tell(
    news.length > 0 ? { state: "begun", reasons: news } : { state: "continues", reasons: open },
  );
  if (isTaken) await keep({ toldAt: startedAt });
}

// A missing report must not pass for a good run.
function isReport(given: unknown): given is SyncReport | FailedReport {
  return isObject(given) && typeof given.startedAt === "string" && (isObject(given.counts) || isObject(given.reason));
}

function recordAfter(
  before: AlertRecord | undefined,
  night: Night | undefined,
  startedAt: string,
): AlertRecord | undefined {
  if (!night) return before && { ...before, until: before.until ?? startedAt };
  const { night: kind } = night;
  // A problem from before a pause may last.
  const earlier = kind === "paused" && before?.until === undefined ? (before?.reasons ?? []) : [];
  const added = earlier.filter(({ code }) => !night.reasons.some((reason) => reason.code === code));
  const reasons = [...night.reasons, ...added];
  const { since = startedAt, until, level = night.level } = before ?? {};
  // A failed night sends a message even on the day of one about wrong rows. An incident whose end no target took
  // continues.
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

// A silent store must not keep a run from ending.
const STORE_MS = 5_000;
// Longest wait for another machine's messages.
const TURN_MS = 20_000;

// Other leases are named by account numbers. A user with this account number would only wait a little.
const LEASE = "oplead-alerts";

type SaveMemory = (memory: Memory) => Promise<void>;

interface Beside {
  readonly alerts: string;
  // True if `alerts` is newer than the ledger's record.
  readonly isAhead: boolean;
}

// Works under a lease if the ledger has leases, so that the second of two runs finds the record of the first. Uses
// `backup` while the ledger cannot be read or lacks the record.
async function withRecord(
  { ledger, backup }: Pick<NotifyOptions, "ledger" | "backup">,
  task: (memory: Memory, save: SaveMemory) => Promise<void>,
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
    const save: SaveMemory = async ({ incident, leavers }) => {
      const alerts = incident || leavers ? JSON.stringify({ ...incident, leavers }) : "";
      // A ledger that was not read may hold a newer record, so it is not written.
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

// A damaged record counts as none: the message of an incident is sent once more.
function read(text: string): Memory {
  const record = jsonIn(text);
  if (!isObject(record)) return {};
  const { since, toldAt, until, night, level, reasons, leavers } = record;
  const isTime = (value: unknown): boolean => typeof value === "string" && !Number.isNaN(Date.parse(value));
  const isList = (value: unknown): boolean =>
    Array.isArray(value) &&
    value.every((one) => isObject(one) && typeof one.code === "string" && typeof one.message === "string");
  const isNight =
    ["failed", "refused", "stopped", "rows", "paused"].includes(String(night)) && (level === 1 || level === 2);
  const areTimes = [toldAt, until].every((time) => time === undefined || isTime(time)) && isTime(since);
  // Safe: all fields have been checked.
  const incident = isNight && areTimes && isList(reasons) ? (record as unknown as AlertRecord) : undefined;
  const { toldAt: leaversToldAt, untold } = isObject(leavers) ? leavers : {};
  const areLeavers = (leaversToldAt === undefined || isTime(leaversToldAt)) && (untold === undefined || isList(untold));
  return { incident, leavers: areLeavers ? (leavers as LeaverRecord | undefined) : undefined };
}
