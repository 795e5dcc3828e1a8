import * as bullmq from "bullmq";
import { invalid } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { tellStore } from "../locales/en/core.ts";

/** The first version whose workers can renew the locks of the jobs that they took. */
const OLDEST = "5.64.0";

/** The connection to Redis of a queue, a worker or a reader of events. */
interface Connection {
  readonly client: Promise<unknown>;
  close(force: boolean): Promise<void>;
}

/** The function exists in version 6 only. An import by its name would fail with version 5. */
const { createRedisBackend } = bullmq as Partial<Pick<typeof bullmq, "createRedisBackend">>;

type Backend = bullmq.BackendFactory<bullmq.RedisQueueBackend>;

/**
 * Makes a worker without the second connection, which only BullMQ's own loop needs. With version 5 of BullMQ this
 * constant is undefined, because workers of that version always have both connections.
 */
export const backendOfWorker = (createRedisBackend && ((queue, given) => createRedisBackend(queue, given))) as Backend;

/** BullMQ 6 returns its connection from `getBackend`. BullMQ 5 keeps the connection in a field that its types hide. */
export function connectionIn(part: object): Connection {
  const { getBackend, connection } = part as { getBackend?(): Connection; readonly connection: Connection };
  return getBackend ? getBackend.call(part) : connection;
}

/**
 * Refuses a BullMQ that is too old.
 *
 * @throws {@link OpleadError} `invalid_options`.
 */
export function requireSupportedVersion(): void {
  if ("extendJobLocks" in bullmq.Worker.prototype) return;
  const names = { name: "bullmq", installed: installedVersion(), needed: OLDEST };
  const issue = issueAt("", tellStore("old_package", names));
  throw invalid("invalid_options", "userQueue: the installed bullmq is too old.", [issue]);
}

/** BullMQ does not export its version. It writes the version to Redis, with further facts about a queue. */
function installedVersion(): string {
  const { version = "" } = Object(Reflect.get(bullmq.Queue.prototype, "metaValues", { libName: "bullmq" }));
  return String(version).split(":").at(-1) || "5";
}
