/** What may be wrong with the options of a queue and its workers. */
export const QUEUE = {
  not_redis_url: () => "must begin with redis:// or rediss://",
  not_queue_name: () => "must be 1 to 100 letters, digits, dots, dashes or underscores",
  not_encryption_key: () => "must be 32 bytes as base64",
  not_connection: () => "must say where Redis is, { url } or { host, port }, and not be a client",
  load_needed: () => "must be a function, because the queue stores no users (storeUsers: false)",
};
