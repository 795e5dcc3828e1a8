/** A redis-server on a free loopback port, for the tests of one file. */
import { hasRedis } from "../../examples/cluster/redis-server.ts";

export { freePort } from "../../examples/cluster/free-port.ts";
export { hasRedis, type RedisServer, startRedis } from "../../examples/cluster/redis-server.ts";

// Says so, because tests are skipped then.
if (!hasRedis) console.warn("Tests over Redis are skipped: there is no redis-server (apt-get install redis-server).");
