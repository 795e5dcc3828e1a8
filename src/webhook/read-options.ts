import { issueAt } from "../base/issues.ts";
import type { OpleadLogger } from "../base/observe.ts";
import { quiet } from "../base/observe.ts";
import { clock, ledger } from "../base/validation/parts.ts";
import * as check from "../base/validation/validate.ts";
import { memoryDeliveries } from "../deliveries/memory.ts";
import { tellPart } from "../locales/en/core.ts";
import { tellWebhook } from "../locales/en/webhook.ts";
import type { Filled } from "../settings/fields.ts";
import type { UserWebhookOptions, WebhookOptions } from "./options.ts";

type WithDefault = "deliveries" | "maxBodyBytes" | "respondWithinMs" | "logger" | "now";

/** The options with every default filled in. */
export type WebhookSettings<Event> = WebhookOptions<Event> & Filled<Pick<WebhookOptions, WithDefault>>;

/** The settings that do not depend on the events. */
export type CommonSettings = Omit<WebhookSettings<never>, "event" | "map" | "deliveryId">;

/** A refused event must leave a trace even where no logger was given. */
const CONSOLE: OpleadLogger = {
  debug: () => {},
  info: () => {},
  warn: (line) => console.warn(line),
  error: (line) => console.error(line),
};

const findOptionIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options<WebhookOptions>(
    {
      event: check.valueThat(isSchema, tellWebhook("not_schema")),
      deliveries: check.withMethods(["has", "add"], tellPart("not_delivery_store")),
      deliveryId: check.unless((value) => typeof value === "string", check.func(tellWebhook("not_delivery_id"))),
      maxBodyBytes: check.wholeNumber(1, Number.MAX_SAFE_INTEGER),
      respondWithinMs: check.wholeNumber(1, check.MAX_TIMER_MS),
      logger: check.logger(),
      now: clock(),
      ledger: ledger(),
      queue: check.withMethods(["enqueue"], tellPart("not_queue")),
      onRefused: check.func(),
      onOutcome: check.func(),
    },
    {
      verify: check.unless((value) => value === "none", check.func(tellWebhook("not_verifier"))),
      map: check.func(tellWebhook("not_event_map")),
    },
  ),
);

/** ArkType's schemas are functions. */
function isSchema(value: unknown): boolean {
  return typeof Object(Object(value)["~standard"]).validate === "function";
}

/** Checks all options and fills in the defaults. Throws one `invalid_options` that lists every problem. */
export function readWebhookOptions<Event>(
  options: UserWebhookOptions<Event>,
  clientLogger: OpleadLogger | undefined,
): WebhookSettings<Event> {
  const issues = findOptionIssues(options);
  const { ledger, queue } = options ?? {};
  if (issues.length === 0 && ledger !== undefined && queue !== undefined) {
    issues.push(issueAt("ledger", tellWebhook("ledger_beside_queue")));
  }
  check.requireNoIssues("createUserWebhook: wrong options", issues);
  const { now = () => Date.now() } = options;
  return {
    ...options,
    deliveries: options.deliveries ?? memoryDeliveries({ now }),
    maxBodyBytes: options.maxBodyBytes ?? 1_048_576,
    respondWithinMs: options.respondWithinMs ?? 10_000,
    logger: options.logger ? quiet(options.logger) : (clientLogger ?? CONSOLE),
    now,
  };
}
