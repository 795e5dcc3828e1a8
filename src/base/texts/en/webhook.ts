/** Problems of the options of a webhook, its signatures, and what its `map` returns. */
export const WEBHOOK = {
  not_verifier: () =>
    'must say how deliveries are verified: standardWebhooks, hmacSignature, stripeStyle, a function, or "none"',
  not_schema: () => "must be a Standard Schema, for example one of Zod, Valibot or ArkType",
  not_event_map: () => "must be a function from an event to entries",
  not_delivery_id: () => "must be the name of a header, or a function",
  ledger_beside_queue: () => "cannot be used with queue: give it to the worker of the queue",
  no_secrets: () => "must be a list with at least one secret",
  secret_missing: () => "is missing: is the environment variable set?",
  not_secret: () => "must be text or bytes",
  secret_undecodable: () => "is not base64: it must be as the sender shows it, whsec_…",
  not_header: () => "must be the name of a header",
  signed_content_lacks: ({ parts }: { readonly parts: readonly string[] }) =>
    `must contain ${parts.join(" and ")} once`,
  needs_timestamp_header: () => "needs timestampHeader",
  not_entry: () => "must be an entry: { user, rules?, version? }",
  event_needs_account_number: () => "is required: without it the next event would create the user a second time",
};
