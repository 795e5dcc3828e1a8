import type { Server } from "node:http";
import { isOpleadError, type Oplead, type OpleadErrorCode, type OpleadHooks } from "oplead-sdk";
import type { UserQueue, UserWorker } from "oplead-sdk/bullmq";
import { rawClient } from "oplead-sdk/raw";
import type { Ledger } from "oplead-sdk/sync";
import type { AuditOrigin, LoadedConfig, OpenAudit } from "#parts";
import { CommandError, EXIT, type ExitCode } from "../exit.ts";
import { openAuditOf } from "../run/trace.ts";
import { say } from "../say.ts";
import type { Output } from "../shell/output.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Metrics } from "./metrics.ts";
import { close, listen, probes } from "./port.ts";
import { type Checks, KEEP_MS, LIMIT_MS, Readiness, recent, within } from "./readiness.ts";

interface LiveOptions {
  readonly sends: boolean;
  // Port of `/metrics`. Undefined if there are no metrics.
  readonly port: number | undefined;
  readonly host: string;
}

interface Used {
  readonly ledger: Ledger | undefined;
  readonly queue: UserQueue | undefined;
  readonly worker?: UserWorker | undefined;
}

const now = (): number => performance.now();

export class Live {
  readonly metrics: Metrics | undefined;
  readonly #workspace: Workspace;
  readonly #options: LiveOptions;
  readonly #token = new TokenWatch(now);
  #server: Server | undefined;

  // Adds hooks, so call it before the workspace makes its client.
  static async open(workspace: Workspace, options: LiveOptions): Promise<Live> {
    // Metrics are loaded only here, because most commands have none.
    const metrics = options.port === undefined ? undefined : new (await import("./metrics.ts")).Metrics();
    return new Live(workspace, options, metrics);
  }

  private constructor(workspace: Workspace, options: LiveOptions, metrics: Metrics | undefined) {
    this.#workspace = workspace;
    this.#options = options;
    this.metrics = metrics;
    // A log and metrics replace the texts about waits.
    workspace.waits.showBy(() => {});
    if (options.sends) workspace.hooks.push(this.#token.hooks);
    if (metrics) workspace.hooks.push(metrics.hooks);
  }

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
    const checks: Record<string, () => Promise<unknown>> = {};
    if (ledger) checks.ledger = () => ledger.getInfo();
    if (status) checks.queue = status;
    if (worker) checks.worker = async () => requireHealthy(worker);
    if (this.#options.sends) checks.token = () => this.#token.check(this.#workspace.oplead);
    return checks;
  }
}

function requireHealthy(worker: UserWorker): void {
  if (!worker.isHealthy()) throw new CommandError("worker_silent", "The worker has not reached Redis lately.");
}

// A good answer counts for this long.
const GOOD_MS = 300_000;
// Pause between two questions while the token is refused or its state is unknown.
const BAD_MS = 30_000;
// Shorter than the limit of other checks: a slow answer says nothing about the token.
const TOKEN_CHECK_MS = 2_000;

// Learns from every answer of Oplead, and asks for the countries only if no answer is recent. Outages and 403 say
// nothing about the token.
export class TokenWatch {
  readonly #now: () => number;
  #problem: OpleadErrorCode | undefined;
  #knownUntil = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly hooks: OpleadHooks = {
    around: async ({ kind }, next) => {
      const { status = 500, error } = await next();
      if (kind === "call" && error?.code === "token_unavailable") this.#learn(error.code);
      if (kind !== "attempt" || status >= 429) return;
      this.#learn(status === 401 ? "unauthorized" : undefined);
    },
  };

  async check(oplead: Oplead): Promise<void> {
    if (this.#now() > this.#knownUntil) {
      this.#knownUntil = this.#now() + BAD_MS;
      const client = rawClient(oplead.with({ retry: false, deadlineMs: TOKEN_CHECK_MS })); // keeps no answers
      await client.GET("/v1/types/countries").catch((error) => {
        if (!isOpleadError(error)) throw error;
      });
    }
    if (this.#problem) throw new CommandError(this.#problem, "Oplead does not take the token, or there is none.");
  }

  #learn(problem: OpleadErrorCode | undefined): void {
    this.#problem = problem;
    this.#knownUntil = this.#now() + (problem ? BAD_MS : GOOD_MS);
  }
}

// A line that cannot be written stops no user. The command says at its end how many lines are missing.
export class UserAudit {
  missing = 0;
  readonly #audit: OpenAudit | undefined;
  readonly #output: Output;

  constructor(loaded: LoadedConfig, origin: AuditOrigin, output: Output) {
    this.#audit = openAuditOf(loaded, origin);
    this.#output = output;
  }

  write(task: (audit: OpenAudit) => void): void {
    try {
      if (this.#audit) task(this.#audit);
    } catch (error) {
      this.missing += 1;
      // Errors of the audit hold no personal data.
      if (this.missing === 1) this.#output.error(say("user_audit_failed", { message: (error as Error).message }));
    }
  }

  async close(): Promise<ExitCode> {
    await this.#audit?.close();
    if (this.missing === 0) return EXIT.success;
    this.#output.error(say("user_audit_lacks", { lines: this.missing }));
    return EXIT.error;
  }
}
