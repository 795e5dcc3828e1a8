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

/** The scripts that BullMQ has defined on its client, by their names. */
type Scripts = Readonly<Record<string, { readonly lua: string; readonly numberOfKeys: number } | undefined>>;

/** A client of ioredis with the scripts that BullMQ has defined on it. */
export interface WithScripts {
  readonly scriptsSet?: Scripts;
}

/**
 * Makes a worker's connection that has no second connection, and that lets `run` run BullMQ's scripts. BullMQ runs a
 * script itself if `run` returns undefined. With version 5 of BullMQ the result is undefined.
 */
export function makeBackend(
  run: (scripts: Scripts, name: string, args: readonly string[]) => Promise<unknown> | undefined,
): Backend {
  const make: Backend | undefined =
    createRedisBackend &&
    ((queue, given) => {
      const backend = createRedisBackend(queue, given);
      const execCommand = backend.execCommand.bind(backend);
      backend.execCommand = (client, name, args) => {
        const { scriptsSet = {} } = client as WithScripts;
        const { version } = backend as object as { readonly version?: string };
        return run(scriptsSet, `${name}:${version}`, args) ?? execCommand(client, name, args);
      };
      return backend;
    });
  return make as Backend;
}

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
