import { codedBy } from "../base/texts/coded.ts";
import { ALERT_PROBLEMS } from "../base/texts/en/alerts.ts";
import { isObject } from "../base/validation/is-object.ts";
import { failedReport } from "../sync/report/failed-report.ts";
import type { FailedReport } from "../sync/types/failed-report.ts";
import type { SyncReport } from "../sync/types/report.ts";
import { type Receiver, receiverOf } from "./deliver.ts";
import { type Found, findIncidents, isSwitchedOff } from "./find-incidents.ts";
import { begun, over } from "./message.ts";
import type { AlertMessage, AlertProblem, AlertTarget, Notify, NotifyOptions } from "./options.ts";
import { checkNotifiers } from "./read-options.ts";
import { type AlertState, type Incident, withState } from "./state.ts";

const problem = /* @__PURE__ */ codedBy(ALERT_PROBLEMS);

/**
 * Makes a function that tells of a run: which incidents have begun with it, and which are over. Give it the report of each run, or what the run threw.
 *
 * ```ts
 * const notify = notifiers([{ webhook: env("SLACK_URL"), format: "slack" }], { ledger });
 * await notify(await syncUsers(oplead, options).catch((error) => error));
 * ```
 *
 * One incident has one message, and one when it is over; the ledger remembers it. A target that could not be reached is told by the next run. Two
 * machines at once tell once if their ledger has leases (`redisLedger`).
 *
 * @throws {@link OpleadError} `invalid_options`, with every problem. What it returns never rejects.
 */
export function notifiers(targets: readonly AlertTarget[], options: NotifyOptions = {}): Notify {
  checkNotifiers(targets, options);
  const { ledger, conditions = {} } = options;
  const receivers = targets.map((target, index) => receiverOf(target, index, options));
  return async (given) => {
    const ended = isReport(given) ? given : failedReport(given);
    const report = "counts" in ended ? ended : undefined;
    if (report?.testMode || (report?.counts.notSelected ?? 0) > 0) return [];
    const problems: AlertProblem[] = [];
    const failed = (reason: string): void => {
      if (!problems.some(({ code }) => code === "alerts_not_remembered")) {
        problems.push(problem("alerts_not_remembered", { reason }));
      }
    };
    const { hasWorked } = findIncidents(ended, [], conditions);
    const beats = receivers.map(async ({ title, beat }) => {
      const reason = await beat?.(hasWorked);
      if (reason !== undefined) problems.push(problem("alert_not_sent", { target: title, reason }));
    });
    await withState(
      ledger,
      async (state) => {
        const { found, decided, figures } = findIncidents(ended, state.runs, conditions);
        const incidents = updated(state, found, decided, ended.startedAt, (code) => isSwitchedOff(code, conditions));
        const messages = found.map(
          (one) => [one.key, begun(one, incidents[one.key]?.since ?? ended.startedAt, options, report?.runId)] as const,
        );
        const told = new Map(Object.entries(incidents).map(([key, { told }]) => [key, new Set(told)]));
        await Promise.all(
          receivers.map(async (receiver) => {
            const own = [
              ...messages.filter(([key]) => !told.get(key)?.has(receiver.key)),
              ...ends(incidents, receiver, options),
            ];
            const reason = await deliverAll(receiver, own, (key, { state }) => {
              if (state === "begun") told.get(key)?.add(receiver.key);
              else told.get(key)?.delete(receiver.key);
            });
            if (reason !== undefined) problems.push(problem("alert_not_sent", { target: receiver.title, reason }));
          }),
        );
        const known = new Set(receivers.map(({ key }) => key));
        const left = Object.entries(incidents).map(([key, one]) => {
          const names = [...(told.get(key) ?? [])].filter((name) => known.has(name));
          return [key, { ...one, told: names }] as const;
        });
        return {
          incidents: Object.fromEntries(left.filter(([, { until, told }]) => until === undefined || told.length > 0)),
          runs: figures ? [...state.runs, figures] : state.runs,
        };
      },
      failed,
    );
    await Promise.all(beats);
    return problems;
  };
}

/** A missing report is a failure: without one a run must not pass for a good one. */
function isReport(given: unknown): given is SyncReport | FailedReport {
  return isObject(given) && typeof given.startedAt === "string" && (isObject(given.counts) || isObject(given.reason));
}

/** A sample to each target. The result has a line for each, with why it has perhaps not arrived. */
export async function sendSamples(
  targets: readonly AlertTarget[],
  options: NotifyOptions = {},
): Promise<readonly { readonly target: string; readonly problem: string | undefined }[]> {
  checkNotifiers(targets, options);
  const sample = { code: "sample", parameters: {}, accountNumbers: [] } as const;
  const message = begun(sample, new Date().toISOString(), options);
  const receivers = targets.map((target, index) => receiverOf(target, index, options));
  return Promise.all(
    receivers.map(async ({ title, deliver, beat }) => ({
      target: title,
      problem: await (deliver ? deliver(message) : beat?.(true)),
    })),
  );
}

/** The incidents as the run leaves them, before alerts are sent. */
function updated(
  { incidents }: AlertState,
  found: readonly Found[],
  decided: ReadonlySet<string>,
  now: string,
  isOff: (code: string) => boolean,
): Record<string, Incident> {
  const next: Record<string, Incident> = {};
  const active = new Map(found.map((one) => [one.key, one]));
  for (const [key, incident] of Object.entries(incidents)) {
    if (active.has(key) || isOff(incident.code)) continue;
    next[key] = decided.has(incident.code) ? { until: now, ...incident } : incident;
  }
  for (const [key, { code, mark, kept }] of active) {
    const before = incidents[key];
    const isSame = before && before.until === undefined && mark <= before.mark;
    // Who does not know yet that the last one was over hears nothing of it.
    const told = before?.until === undefined ? [] : before.told;
    next[key] = isSame ? before : { code, mark: kept, since: now, told };
  }
  return next;
}

/** The messages to a receiver that incidents are over of which it was told. */
function ends(
  incidents: Readonly<Record<string, Incident>>,
  { key: receiver }: Receiver,
  options: NotifyOptions,
): (readonly [key: string, message: AlertMessage])[] {
  return Object.entries(incidents).flatMap(([key, incident]) => {
    const { code, since, until } = incident;
    return until !== undefined && incident.told.includes(receiver)
      ? [[key, over({ code, since, until }, options)]]
      : [];
  });
}

/** One after the other. After the first that fails there are no more: a receiver that hangs would take as long each time. */
async function deliverAll(
  { deliver }: Receiver,
  messages: readonly (readonly [key: string, message: AlertMessage])[],
  onSent: (key: string, message: AlertMessage) => void,
): Promise<string | undefined> {
  if (!deliver) return undefined;
  for (const [key, message] of messages) {
    const reason = await deliver(message);
    if (reason !== undefined) return reason;
    onSent(key, message);
  }
  return undefined;
}
