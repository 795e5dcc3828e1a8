/** Problems of a part that the caller makes and hands over: a ledger, a queue, a store, a connection. */
export const PARTS = {
  not_ledger: () =>
    "must be a ledger: memoryLedger(), fileLedger(path), keyvLedger(keyv), redisLedger(redis) or createLedger(store)",
  not_ledger_store: () => "must be a store with get, replace and entries",
  not_delivery_store: () => "must be a delivery store with has and add",
  not_queue: () => "must be a queue: userQueue(…) of oplead-sdk/bullmq",
  not_ledger_key: () => "must be a secret of at least 16 bytes, or a list of such secrets, of which the first writes",
  not_directory: () => "must be the path of a directory",
  not_keyv: () => "must be a Keyv",
  hides_errors: () =>
    "must be true: otherwise a store that is down looks like an empty one, and every user like a new one",
  cannot_list: () => "is missing: this store cannot list its keys, which planning needs",
  not_redis: () => "must be a client of ioredis",
  has_key_prefix: () => "must have no keyPrefix, which SCAN ignores: use the option prefix instead",
  not_audit_place: () => "must be the path of a file, or { file, keepDays }",
  not_iterable: () => "must be a list, or something else that can be read one after the other",
  not_clock: () => "must be a function that returns milliseconds since 1970",
  not_share: () => "must be a share above 0, at most 1",
};
