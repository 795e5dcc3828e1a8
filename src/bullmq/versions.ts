import * as bullmq from "bullmq";
import { invalid } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { tellStore } from "../locales/en/core.ts";

// The first version whose workers can renew the locks of jobs that they took.
const OLDEST = "5.64.0";

interface Connection {
  readonly client: Promise<unknown>;
  close(force: boolean): Promise<void>;
}

// Only BullMQ 6 has this export: an import by name would fail with 5.
const { createRedisBackend } = bullmq as Partial<Pick<typeof bullmq, "createRedisBackend">>;

type Backend = bullmq.BackendFactory<bullmq.RedisQueueBackend>;

type Scripts = Readonly<Record<string, { readonly lua: string; readonly numberOfKeys: number } | undefined>>;

export interface WithScripts {
  readonly scriptsSet?: Scripts;
}

// Makes a backend without a second connection. BullMQ runs a script itself if `run` returns undefined. No backend on
// BullMQ 5.
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

// BullMQ 5 keeps the connection in a field that its types hide.
export function connectionIn(part: object): Connection {
  const { getBackend, connection } = part as { getBackend?(): Connection; readonly connection: Connection };
  return getBackend ? getBackend.call(part) : connection;
}

export function requireSupportedVersion(): void {
  if ("extendJobLocks" in bullmq.Worker.prototype) return;
  const names = { name: "bullmq", installed: installedVersion(), needed: OLDEST };
  const issue = issueAt("", tellStore("old_package", names));
  throw invalid("invalid_options", "userQueue: the installed bullmq is too old.", [issue]);
}

// BullMQ does not export its version, but writes it to Redis among the facts of a queue.
function installedVersion(): string {
  const { version = "" } = Object(Reflect.get(bullmq.Queue.prototype, "metaValues", { libName: "bullmq" }));
  return String(version).split(":").at(-1) || "5";
}
