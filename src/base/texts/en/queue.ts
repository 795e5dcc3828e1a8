/** Problems of the options of a queue and its workers. */
export const QUEUE = {
  not_redis_url: () => "must begin with redis:// or rediss://",
  not_queue_name: () => "must be 1 to 100 letters, digits, dots, dashes or underscores",
  not_encryption_key: () => "must be 32 bytes as base64, or a list of such keys with the newest first",
  retries_in_cluster: () => "must have maxRetriesPerRequest: null in its redisOptions, as BullMQ demands",
  no_braces: () =>
    "must have braces in a Redis Cluster, for example {oplead}, so that the keys of the queue are in one slot",
  load_needed: () => "must be a function, because the queue stores no users (storeUsers: false)",
  not_key_prefix: () => "must be 1 to 100 letters, digits, dots, dashes, underscores or braces",
  other_queue_platform: ({ given, wanted }: { readonly given: string; readonly wanted: string }) =>
    `is ${given}, and the queue is for ${wanted}`,
  other_user: () => "is not the one that was asked for",
};
