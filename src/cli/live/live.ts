import type { Server } from "node:http";
import type { UserQueue, UserWorker } from "oplead-sdk/bullmq";
import type { Ledger } from "oplead-sdk/sync";
import { CommandError } from "../exit.ts";
import type { Output } from "../shell/output.ts";
import { say } from "../texts/say.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Metrics } from "./metrics.ts";
import { close, listen, probes } from "./port.ts";
import { type Checks, KEEP_MS, LIMIT_MS, Readiness } from "./readiness.ts";
import { recent, within } from "./recent.ts";
import { TokenWatch } from "./token-watch.ts";

interface LiveOptions {
  /** Whether the process sends users to Oplead itself, so that it needs a token. */
  readonly sends: boolean;
  /** The port of `/metrics`; undefined: there are no metrics. */
  readonly port: number | undefined;
  readonly host: string;
}

interface Used {
  readonly ledger: Ledger | undefined;
  readonly queue: UserQueue | undefined;
  readonly worker?: UserWorker | undefined;
}

const now = (): number => performance.now();

/** How a process that runs until it is stopped is: for probes and metrics. */
export class Live {
  readonly metrics: Metrics | undefined;
  readonly #workspace: Workspace;
  readonly #options: LiveOptions;
  readonly #token = new TokenWatch(now);
  #server: Server | undefined;

  /** To be called before the client is first asked for: it is observed. */
  static async open(workspace: Workspace, options: LiveOptions): Promise<Live> {
    // Loaded only here: most commands have no metrics.
    const metrics = options.port === undefined ? undefined : new (await import("./metrics.ts")).Metrics();
    return new Live(workspace, options, metrics);
  }

  private constructor(workspace: Workspace, options: LiveOptions, metrics: Metrics | undefined) {
    this.#workspace = workspace;
    this.#options = options;
    this.metrics = metrics;
    // The log and the metrics of a service tell how it is.
    workspace.waits.showBy(() => {});
    if (options.sends) workspace.hooks.push(this.#token.hooks);
    if (metrics) workspace.hooks.push(metrics.hooks);
  }

  /** Opens the port, if there is one. Until then nothing is counted. */
  async start(used: Used, output: Output): Promise<Readiness> {
    const { queue } = used;
    const { port, host } = this.#options;
    const status = queue && recent(() => within(queue.status(), LIMIT_MS), KEEP_MS, now);
    const readiness = new Readiness(this.#checks(used, status), now);
    if (this.metrics && port !== undefined) {
      this.metrics.measure(this.#workspace.oplead.testMode, readiness, status);
      const [server, listening] = await listen(probes(readiness, this.metrics), host, port);
      this.#server = server;
      output.note(say("metrics_at", { address: `http://${host}:${listening}/metrics` }));
    }
    return readiness;
  }

  async close(): Promise<void> {
    if (this.#server) await close(this.#server, 1_000);
  }

  #checks({ ledger, worker }: Used, status: (() => Promise<unknown>) | undefined): Checks {
    return {
      ...(ledger && { ledger: () => ledger.getInfo() }),
      ...(status && { queue: status }),
      ...(worker && { worker: async () => requireHealthy(worker) }),
      ...(this.#options.sends && { token: () => this.#token.check(this.#workspace.oplead) }),
    };
  }
}

function requireHealthy(worker: UserWorker): void {
  if (!worker.isHealthy()) throw new CommandError("worker_silent", "The worker has not reached Redis lately.");
}
