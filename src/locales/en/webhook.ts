import { type Lists, type Numbers, type Strings, type Teller, tellerOf } from "../coded.ts";

export const WEBHOOK = {
  not_verifier:
    'must say how deliveries are verified: standardWebhooks, hmacSignature, stripeStyle, a function, or "none"',
  not_schema: "must be a Standard Schema, for example one of Zod, Valibot or ArkType",
  not_event_map: "must be a function from an event to entries",
  not_delivery_id: "must be the name of a header, or a function",
  ledger_beside_queue: "cannot be used with queue: give it to the worker of the queue",
  no_secrets: "must be a list with at least one secret",
  secret_missing: "is missing: is the environment variable set?",
  not_secret: "must be text or bytes",
  secret_undecodable: "is not base64: it must be as the sender shows it, whsec_…",
  secret_short: ({ bytes }: Numbers<"bytes">) => `has fewer than ${bytes} bytes: it was probably cut off`,
  not_header: "must be the name of a header",
  signed_content_lacks: ({ parts }: Lists<"parts">) => `must contain ${parts.join(" and ")} once`,
  needs_timestamp_header: "needs timestampHeader",
  not_entry: "must be an entry: { user, rules?, version? }",
  event_needs_account_number: "is required: without it the next event would create the user a second time",
};

export const tellWebhook: Teller<typeof WEBHOOK> = /* @__PURE__ */ tellerOf(WEBHOOK);

export const QUEUE = {
  not_redis_url: "must be a client of ioredis, or begin with redis:// or rediss://",
  not_queue_name: "must be 1 to 100 letters, digits, dots, dashes or underscores",
  not_encryption_key:
    "must be 32 bytes as base64 (openssl rand -base64 32), a list of such keys with the newest first, or false to store users in clear",
  retries_in_cluster: "must have maxRetriesPerRequest: null in its redisOptions, as BullMQ demands",
  load_needed: "must be a function, because the queue stores no users (storeUsers: false)",
  other_queue_platform: ({ given, wanted }: Strings<"given" | "wanted">) =>
    `is ${given}, and the queue is for ${wanted}`,
  other_user: "is not the one that was asked for",
};

export const tellQueue: Teller<typeof QUEUE> = /* @__PURE__ */ tellerOf(QUEUE);
