import { hasRedis } from "../../examples/cluster/redis-server.ts";

export { freePort } from "../../examples/cluster/free-port.ts";
export { hasRedis, type RedisServer, startRedis } from "../../examples/cluster/redis-server.ts";

// Tests over Redis are skipped without a redis-server.
if (!hasRedis) console.warn("Tests over Redis are skipped: there is no redis-server (apt-get install redis-server).");
