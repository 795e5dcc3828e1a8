/*
 * The parts of a command that runs until it is stopped: health checks, the check of the token, and the audit.
 */

import type { Server } from "node:http";
import { isOpleadError, type Oplead, type OpleadErrorCode, type OpleadHooks } from "oplead-sdk";
import type { UserQueue, UserWorker } from "oplead-sdk/bullmq";
import type { LoadedConfig } from "oplead-sdk/config";
import type { AuditFile, AuditOrigin, Ledger } from "oplead-sdk/sync";
import { CommandError, EXIT, type ExitCode } from "../exit.ts";
import { openAudit } from "../run/trace.ts";
import { say } from "../say.ts";
import type { Output } from "../shell/output.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Metrics } from "./metrics.ts";
import { close, listen, probes } from "./port.ts";
import { type Checks, KEEP_MS, LIMIT_MS, Readiness, recent, within } from "./readiness.ts";

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

/** The state of a process that runs until it is stopped, for probes and metrics. */
export class Live {
  readonly metrics: Metrics | undefined;
  readonly #workspace: Workspace;
  readonly #options: LiveOptions;
  readonly #token = new TokenWatch(now);
  #server: Server | undefined;

  /** Adds hooks to the workspace, so it must be called before the workspace makes its client. */
  static async open(workspace: Workspace, options: LiveOptions): Promise<Live> {
    // The module is loaded only here, because most commands have no metrics.
    const metrics = options.port === undefined ? undefined : new (await import("./metrics.ts")).Metrics();
    return new Live(workspace, options, metrics);
  }

  private constructor(workspace: Workspace, options: LiveOptions, metrics: Metrics | undefined) {
    this.#workspace = workspace;
    this.#options = options;
    this.metrics = metrics;
    // A process that runs until it is stopped does not show the requests that it waits for, because it has a log and
    // metrics.
    workspace.waits.showBy(() => {});
    if (options.sends) workspace.hooks.push(this.#token.hooks);
    if (metrics) workspace.hooks.push(metrics.hooks);
  }

  /** Returns the readiness of the command. If a port for metrics is set, opens it and begins to measure. */
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

/** For how many milliseconds after a good answer the token counts as valid. */
const GOOD_MS = 300_000;
/**
 * How many milliseconds pass between two questions to Oplead while it refuses the token, or while it is not known
 * whether Oplead accepts the token.
 */
const BAD_MS = 30_000;
/**
 * How many milliseconds the check of the token may take. The limit is shorter than that of the other readiness checks,
 * because a slow answer says nothing about the token.
 */
const TOKEN_CHECK_MS = 2_000;

/**
 * Knows whether Oplead accepts the token, from the last answer to any request of this process. If there is no recent
 * answer, it asks Oplead for its countries. A 403 is no sign of a bad token, because it may be about a single request.
 * Outages say nothing about the token, so they are ignored.
 */
export class TokenWatch {
  readonly #now: () => number;
  #problem: OpleadErrorCode | undefined;
  #knownUntil = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Hooks for the client. They tell this object the answer to each request. */
  readonly hooks: OpleadHooks = {
    around: async ({ kind }, next) => {
      const { status = 500, error } = await next();
      if (kind === "call" && error?.code === "token_unavailable") this.#learn(error.code);
      if (kind !== "attempt" || status >= 429) return;
      this.#learn(status === 401 ? "unauthorized" : undefined);
    },
  };

  /** @throws an error with the code `unauthorized` or `token_unavailable`. */
  async check(oplead: Oplead): Promise<void> {
    if (this.#now() > this.#knownUntil) {
      this.#knownUntil = this.#now() + BAD_MS; // if no answer tells
      await oplead.listCountries({ refresh: true, retry: false, deadlineMs: TOKEN_CHECK_MS }).catch((error) => {
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

/**
 * The audit of a command that runs until it is stopped. If a line cannot be written, the command goes on, because
 * otherwise users would not be sent. When the command ends, it says how many lines are missing.
 */
export class UserAudit {
  /** How many lines of the audit could not be written. */
  missing = 0;
  readonly #audit: AuditFile | undefined;
  readonly #output: Output;

  constructor(loaded: LoadedConfig, origin: AuditOrigin, output: Output) {
    this.#audit = openAudit(loaded, origin);
    this.#output = output;
  }

  write(task: (audit: AuditFile) => void): void {
    try {
      if (this.#audit) task(this.#audit);
    } catch (error) {
      this.missing += 1;
      // Errors of the audit hold no personal data.
      if (this.missing === 1) this.#output.error(say("user_audit_failed", { message: (error as Error).message }));
    }
  }

  /**
   * Closes the audit, and returns the exit code for the command. The exit code is an error if the audit lacks lines.
   */
  async close(): Promise<ExitCode> {
    await this.#audit?.close();
    if (this.missing === 0) return EXIT.success;
    this.#output.error(say("user_audit_lacks", { lines: this.missing }));
    return EXIT.error;
  }
}
