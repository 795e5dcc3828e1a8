import type { LogEvent, LogFields } from "../../src/core/log.ts";

const user = ["accountNumber"];
const delivery = ["delivery", "testMode"];
const request = ["method", "path", "callId", "attempt", "operation"];

// Fields besides `event`, so that an alert need not read the text; those that the text names are checked below.
const FIELDS: Record<LogEvent, readonly string[]> = {
  approval_not_kept: ["code", "plan"],
  callback_failed: ["callback"],
  delivery_invalid: ["code", ...delivery],
  delivery_postponed: ["code", ...delivery],
  delivery_repeated: delivery,
  delivery_store_failed: [],
  entry_damaged: user,
  fact_doubted: ["fact"],
  hook_failed: ["kind"],
  job_failed: ["code", "job"],
  job_stalled: ["job"],
  jobs_waiting: ["code"],
  lease_waiting: user,
  ledger_bound: [],
  ledger_key_missing: [],
  ledger_shared: [],
  map_failed: [],
  no_worker: ["users"],
  outcome_unknown: [...request, "code"],
  plain_http: [],
  redis_answers: [],
  redis_failed: ["code"],
  // A status if an answer came, or else a code.
  request_ended: [...request, "durationMs"],
  request_refused: ["code"],
  request_retried: [...request, "code", "delayMs"],
  requests_paused: ["code", "retryAfterMs"],
  run_ended: ["run", "plan", "status", "testMode", "requests", "durationMs"],
  shared_rate: ["code"],
  step_failed: ["run", "step", "code", "held", ...user],
  test_mode: [],
  user_done: ["outcome", ...user, ...delivery],
  user_refused: ["outcome", "code", ...user, ...delivery],
  version_not_comparable: user,
  versions_ignored: [],
  webhook_failed: ["code"],
  webhook_unverified: [],
  worker_paused: ["code"],
  worker_restarted: [],
  worker_resumed: [],
};

const NAMED: readonly (readonly [pattern: RegExp, field: string, value: (name: string) => unknown])[] = [
  [/\b(ACC-\w+)/, "accountNumber", String],
  [/\bdelivery (msg\w+)/, "delivery", String],
  [/\brun ([\da-f]{8}-[\w-]{27})/, "run", String],
  [/\bjob ([\w.-]+)/, "job", String],
  [/\brecord (\d+)/, "record", (number) => Number(number) - 1],
];

// Facts in the text only.
export function lineProblems(text: string, fields: LogFields | undefined): string[] {
  const { event } = fields ?? {};
  if (fields === undefined || event === undefined || !Object.hasOwn(FIELDS, event)) return [`no event: ${text}`];
  const missing = FIELDS[event].filter(
    (name) => fields[name] === undefined && !(name in fields && name === "delivery"),
  );
  const nested = Object.keys(fields).filter((name) => typeof fields[name] === "object");
  const unnamed = NAMED.flatMap(([pattern, field, value]) => {
    const name = pattern.exec(text)?.[1];
    // As hooks name the user: by the request's path.
    const told = fields[field] ?? (field === "accountNumber" ? fields.user : undefined);
    return name === undefined || told === value(name) ? [] : field;
  });
  return [...missing, ...nested, ...unnamed].map((name) => `${event} without ${name}: ${text}`);
}
