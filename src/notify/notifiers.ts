import { isObject } from "../base/validation/is-object.ts";
import { tellAlertProblem } from "../locales/en/report.ts";
import { failedReport } from "../sync/report/failed-report.ts";
import type { FailedReport } from "../sync/types/failed-report.ts";
import type { SyncReport } from "../sync/types/report.ts";
import { type Receiver, receiverOf } from "./deliver.ts";
import { messageOf } from "./message.ts";
import { type Night, nightOf } from "./night.ts";
import type { AlertMessage, AlertProblem, AlertTarget, Notify, NotifyOptions } from "./options.ts";
import { checkNotifiers } from "./read-options.ts";
import { type AlertRecord, withRecord } from "./record.ts";

/** A little less than a day, because a night begins some minutes earlier or later than the one before. */
const DAY_MS = 20 * 3_600_000;

/**
 * Makes a function that tells of a run. Give it the report of each run, or what the run threw. There is one message when nights stop being well,
 * one each day while they are not, and one when they are again. A night is well if its exit code is 0 and runs were not paused.
 *
 * ```ts
 * const notify = notifiers([{ webhook: env("SLACK_URL"), format: "slack" }], { ledger });
 * await notify(await syncUsers(oplead, options).catch((error) => error));
 * ```
 *
 * The ledger remembers what was told, and {@link NotifyOptions.backup} while it cannot be read. A message that no target took is sent by the next run. Two machines at once tell once if their ledger has
 * leases (`redisLedger`).
 *
 * @throws {@link OpleadError} `invalid_options`, with every problem. What it returns never rejects.
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
        // Noted before it is told: if the process is killed in between, the next run tells it.
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

/** A missing report is a failure: without one a run must not pass for a good one. */
function isReport(given: unknown): given is SyncReport | FailedReport {
  return isObject(given) && typeof given.startedAt === "string" && (isObject(given.counts) || isObject(given.reason));
}

/** The record as the run leaves it, before anything is told. Undefined if nights were well, and are. */
function recordAfter(
  before: AlertRecord | undefined,
  night: Night | undefined,
  startedAt: string,
): AlertRecord | undefined {
  if (!night) return before && { ...before, until: before.until ?? startedAt };
  const { night: kind } = night;
  // A pause is over at a time, and what was wrong before it is perhaps still wrong.
  const earlier = kind === "paused" && before?.until === undefined ? (before?.reasons ?? []) : [];
  const added = earlier.filter(({ code }) => !night.reasons.some((reason) => reason.code === code));
  const reasons = [...night.reasons, ...added];
  const { since = startedAt, until, level = night.level } = before ?? {};
  // A night that failed is told the same day, although rows were told before. So are nights whose end no target took: with those that follow.
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

/** A sample to each target. The result has a line for each, with why it has perhaps not arrived. */
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
