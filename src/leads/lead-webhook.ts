import { isOpleadError } from "../base/errors.ts";
import { within } from "../base/issues.ts";
import { codedBy } from "../base/texts/coded.ts";
import { COVERAGE_OPTIONS } from "../base/texts/en/coverage/options.ts";
import { issuesIn } from "../base/validation/issues-in.ts";
import { options as fields, func, optionsCheck } from "../base/validation/validate.ts";
import { isMisdated } from "../coverage/observed/calibrate.ts";
import type { ObservedLead } from "../coverage/observed/types.ts";
import { kindOf } from "../webhook/log.ts";
import type { WebhookEventContext, WebhookOptions } from "../webhook/options.ts";
import { receiverFields, verifyField, withDefaults } from "../webhook/read-options.ts";
import { type Received, Receiver } from "../webhook/receive/receiver.ts";
import { handled, type SenderAnswer, sendAgain } from "../webhook/sender-answer.ts";
import type { UserWebhook } from "../webhook/webhook.ts";
import { findStoredIssues, type StoredLead, storedLead } from "./stored-lead.ts";

/** Options of {@link createLeadWebhook}. Those that {@link createUserWebhook} has too mean the same. */
export interface LeadWebhookOptions<Event = unknown>
  extends Pick<
    WebhookOptions<Event>,
    "verify" | "event" | "deliveries" | "deliveryId" | "maxBodyBytes" | "respondWithinMs" | "logger" | "now"
  > {
  /**
   * Makes observed leads of an event: one, several, or null for an event that assigns no lead. Oplead does not document the payload of "a new
   * lead is assigned". Fields that a {@link StoredLead} does not have are left out. An error with `issues` is answered 400, any other 500.
   */
  readonly leadOf: (
    event: Event,
    context: WebhookEventContext,
  ) => ObservedLead | readonly ObservedLead[] | null | Promise<ObservedLead | readonly ObservedLead[] | null>;
  /**
   * Keeps leads: `store` of {@link leadFiles}, or a function of your own where there are no files. If it fails, the sender is told to send the
   * delivery again.
   */
  readonly store: (leads: readonly StoredLead[]) => void | Promise<void>;
}

const wrong = /* @__PURE__ */ codedBy(COVERAGE_OPTIONS);

const checkOptions = /* @__PURE__ */ optionsCheck<unknown>("createLeadWebhook", () =>
  fields(receiverFields(), {
    verify: verifyField(),
    leadOf: func(wrong("not_lead_function")),
    store: func(wrong("not_lead_store")),
  }),
);

/** Longer than storing takes. */
const LEASE_MS = 60_000;

/**
 * Makes a handler that receives Oplead's "a new lead is assigned" and keeps what `calibrate` needs of it: place, codes, account number and time.
 * Nothing else of an event is stored or logged. Deliveries are verified, limited and recognised when they are repeated, as by
 * {@link createUserWebhook}; 200 kept, 4xx wrong, 503 send it again.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem at once.
 *
 * @example
 * ```ts
 * const handler = createLeadWebhook({
 *   verify: hmacSignature({ header: "x-signature", encoding: "hex", secrets: [process.env.LEAD_SECRET ?? ""] }),
 *   leadOf: (event: Assigned) => ({ country: "FR", zipCode: event.zip, accountNumber: event.user, at: event.at }),
 *   store: leadFiles({ folder: "./leads", keepDays: 400 }).store,
 * });
 * ```
 * @experimental
 */
export function createLeadWebhook<Event = unknown>(options: LeadWebhookOptions<Event>): UserWebhook {
  checkOptions(options);
  const settings = withDefaults(options);
  const { leadOf, store, now } = settings;
  const scope = { testMode: false, name: "leads", leaseMs: LEASE_MS };
  const receiver = new Receiver<Event>(settings, scope, keep);
  return (request, context) => receiver.respond(request, context);

  async function keep({ event, headers, deliveryId, key }: Received<Event>): Promise<SenderAnswer> {
    const tell = receiver.tellOf(deliveryId);
    let leads: readonly ObservedLead[];
    try {
      const made = await leadOf(event, { headers, deliveryId });
      if (made === undefined) throw new TypeError("leadOf returned undefined; it returns null for an event to ignore");
      leads = made === null ? [] : Array.isArray(made) ? made : [made as ObservedLead];
      const issues = leads.flatMap((lead, at) =>
        findStoredIssues(lead).map((found) => within(leads.length > 1 ? `[${at}]` : "", found)),
      );
      if (issues.length > 0) return receiver.refuseEvent(issues, tell, "lead");
    } catch (error) {
      const issues = issuesIn(error, isOpleadError(error));
      if (issues) return receiver.refuseEvent(issues, tell, "lead");
      return receiver.broken("leadOf", error, tell, "The event could not be read.");
    }
    if (leads.length === 0) return handled([{ outcome: "ignored" }], false);
    const delivery = key === undefined ? undefined : await hashOf(key);
    const kept = leads.map((lead, at) => storedLead(lead, delivery && `${delivery}${at === 0 ? "" : `-${at}`}`));
    try {
      await store(kept);
    } catch (error) {
      tell("error", "webhook_failed", `the lead could not be stored: ${kindOf(error)} was thrown (503)`, {
        code: "internal",
      });
      return sendAgain("not_stored", "The lead could not be stored. Send it again.");
    }
    const misdated = kept.filter((lead) => isMisdated(lead, now())).length;
    if (misdated > 0)
      tell("warn", "lead_misdated", `kept, though ${misdated} of its leads lies in the future or before 2000`);
    return handled(
      kept.map(() => ({ outcome: "stored" as const })),
      false,
    );
  }
}

/** A delivery's id may be made of anything. */
async function hashOf(key: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return [...new Uint8Array(digest.slice(0, 12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
