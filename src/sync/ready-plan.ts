import type { Oplead } from "../api.ts";
import { internalsOf } from "../internals.ts";
import { hashText, type Ledger, noteMissing, notePresence } from "../ledger/index.ts";
import type { Change, News } from "./draft.ts";
import { type GuardFinding, SyncGuardError } from "./guard.ts";
import { Health, type HealthChange } from "./health.ts";
import { noteRun, tooSoon } from "./last-run.ts";
import type { ApplyOptions, MissingUser } from "./options.ts";
import type {
  DuplicateUser,
  HeldUser,
  InvalidRecord,
  PlanCounts,
  PlanEstimate,
  PlannedUser,
  SyncPlan,
} from "./plan.ts";
import { planText } from "./plan-text.ts";
import { Progress } from "./progress.ts";
import { reportOf, type SyncReport } from "./report.ts";
import { type RunResult, run } from "./run.ts";

/** What a plan says of itself. */
export interface PlanFacts {
  readonly counts: PlanCounts;
  readonly held: readonly HeldUser[];
  readonly invalid: readonly InvalidRecord[];
  readonly duplicates: readonly DuplicateUser[];
  readonly stale: readonly string[];
  readonly missing: readonly MissingUser[];
  readonly refusals: readonly GuardFinding[];
  readonly warnings: readonly string[];
}

/** What a plan needs to be carried out. Holds personal data, so it stays inside. */
export interface PlanMeans {
  readonly oplead: Oplead;
  readonly ledger: Ledger;
  readonly changes: readonly Change[];
  readonly news: readonly News[];
  /** Whether the missing users are really missing: not when there are records of which nobody knows whom they are about. */
  readonly missingIsSure: boolean;
  readonly concurrency: number;
  readonly now: () => number;
  readonly defaults: ApplyOptions;
}

/** Kept from run to run in one process: a service hears that Oplead works again also when the night before had failed. */
const healths = new WeakMap<Ledger, HealthChange["health"]>();

export class ReadyPlan implements SyncPlan {
  readonly hash: string;
  readonly testMode: boolean;
  readonly counts: PlanCounts;
  readonly estimate: PlanEstimate;
  readonly changes: readonly PlannedUser[];
  readonly held: readonly HeldUser[];
  readonly invalid: readonly InvalidRecord[];
  readonly duplicates: readonly DuplicateUser[];
  readonly stale: readonly string[];
  readonly missing: readonly MissingUser[];
  readonly refusals: readonly GuardFinding[];
  readonly warnings: readonly string[];
  readonly #means: PlanMeans;

  constructor(facts: PlanFacts, means: PlanMeans) {
    const { oplead, changes } = means;
    const { rateLimit } = internalsOf(oplead).transport.settings;
    this.#means = means;
    this.testMode = oplead.testMode;
    this.changes = changes.map(({ planned }) => planned);
    const requests = changes.reduce((sum, { planned, due }) => {
      return sum + (due.user ? (planned.kind === "new" ? 2 : 1) : 0) + due.rules.length;
    }, 0);
    this.estimate = {
      requests,
      durationMs: rateLimit ? Math.ceil((requests * rateLimit.perMs) / rateLimit.requests) : undefined,
    };
    this.counts = facts.counts;
    this.held = facts.held;
    this.invalid = facts.invalid;
    this.duplicates = facts.duplicates;
    this.stale = facts.stale;
    this.missing = facts.missing;
    this.refusals = facts.refusals;
    this.warnings = facts.warnings;
    this.hash = hashOfPlan(changes, facts.missing);
  }

  async apply(options: ApplyOptions = {}): Promise<SyncReport> {
    const { defaults, ledger, oplead, changes, news, now } = this.#means;
    const chosen = { ...defaults, ...options };
    await this.#refuse(chosen);
    return this.#run(chosen, this.testMode, async (result) => {
      if (this.testMode) return this.refusals.map(({ message }) => `A real run would be refused. ${message}`);
      for (const { accountNumber, version } of news) await notePresence(ledger, accountNumber, version);
      const warnings = await this.#reportMissing(chosen, result);
      const { rateLimit } = internalsOf(oplead).transport.settings;
      const ended = result.stopReason === undefined && !chosen.signal?.aborted;
      if (rateLimit === false && changes.length > 0 && ended) await noteRun(ledger, now());
      return warnings;
    });
  }

  verify(options: Pick<ApplyOptions, "signal" | "onProgress" | "stop"> = {}): Promise<SyncReport> {
    const { signal, onProgress, stop } = { ...this.#means.defaults, ...options };
    return this.#run({ signal, onProgress, stop }, true, async () => []);
  }

  toString(): string {
    return planText(this, internalsOf(this.#means.oplead).transport.settings.rateLimit);
  }

  toJSON(): Record<string, unknown> {
    const { hash, testMode, counts, estimate, changes, held, invalid, duplicates, stale, missing } = this;
    const { refusals, warnings } = this;
    return {
      ...{ hash, testMode, counts, estimate, refusals, warnings },
      ...{ changes, held, invalid, duplicates, stale, missing },
    };
  }

  /** Before the first write. In a rehearsal nothing is written, and what speaks against the plan is in the report. */
  async #refuse({ approve, force = false }: ApplyOptions): Promise<void> {
    const { ledger, oplead, changes, now } = this.#means;
    const findings: GuardFinding[] = [];
    if (approve !== undefined && approve !== this.hash) {
      const message = "The approval is for another plan: the source or the ledger has changed since. Read this one.";
      findings.push({ code: "other_plan", message });
    }
    if (!this.testMode) {
      if (approve !== this.hash) findings.push(...this.refusals);
      const unlimited = internalsOf(oplead).transport.settings.rateLimit === false;
      const early = unlimited && !force && changes.length > 0 ? await tooSoon(ledger, now()) : undefined;
      if (early) findings.push(early);
    }
    if (findings.length > 0) throw new SyncGuardError(this, findings);
  }

  async #run(
    options: ApplyOptions,
    testMode: boolean,
    afterwards: (result: RunResult) => Promise<readonly string[]>,
  ): Promise<SyncReport> {
    const { oplead, ledger, changes, concurrency, now } = this.#means;
    const { transport } = internalsOf(oplead);
    const { signal, stop = {} } = options;
    const observe = observer(transport.settings.logger);
    const health = new Health(
      stop,
      observe("onHealthChange", options.onHealthChange),
      healths.get(ledger) ?? "healthy",
    );
    const progress = new Progress(changes.length, now, observe("onProgress", options.onProgress));
    const startedAt = now();
    const throttledBefore = transport.gate.throttledMs;

    const result = await run(changes, { oplead, ledger, testMode, concurrency, signal, health, progress, now });
    const warnings = [...this.warnings, ...(await afterwards(result))];
    healths.set(ledger, health.current);

    const { failures, skipped, unverifiable, stopReason } = result;
    const { unchanged, held, invalid, duplicates, stale } = this.counts;
    const counts = {
      ...result.counts,
      unchanged: result.counts.unchanged + unchanged,
      held: result.counts.held + held,
      stale: result.counts.stale + stale,
      skipped: skipped.length,
      unverifiable: unverifiable.filter(({ step }) => step === "user").length,
      invalid,
      duplicates,
    };
    const imperfect = failures.length + skipped.length + this.held.length + invalid + duplicates > 0;
    const aborted = skipped.some(({ reason }) => reason === "aborted");
    return reportOf({
      status: aborted ? "aborted" : stopReason ? "stopped" : imperfect ? "partial" : "complete",
      stopReason,
      testMode,
      hash: this.hash,
      startedAt: new Date(startedAt).toISOString(),
      durationMs: now() - startedAt,
      counts,
      failures,
      skipped,
      unverifiable,
      held: this.held,
      invalid: this.invalid,
      duplicates: this.duplicates,
      missing: this.missing,
      requests: result.requests,
      retries: result.retries,
      throttledMs: Math.round(transport.gate.throttledMs - throttledBefore),
      warnings,
    });
  }

  /** Tells of each user that has left, once. A run that did not come to its end leaves it to the next one. */
  async #reportMissing({ onMissing, signal }: ApplyOptions, { stopReason }: RunResult): Promise<string[]> {
    const { ledger, missingIsSure, now } = this.#means;
    if (!missingIsSure || stopReason || signal?.aborted) return [];
    let failed = 0;
    for (const user of this.missing.filter(({ since }) => since === undefined)) {
      try {
        await onMissing?.(user);
      } catch {
        failed += 1;
        continue;
      }
      await noteMissing(ledger, user.accountNumber, now());
    }
    return failed === 0 ? [] : [`onMissing threw for ${failed} user(s), who will be reported again.`];
  }
}

/** Whatever would be sent, and who is missing, in an order of its own. */
function hashOfPlan(changes: readonly Change[], missing: readonly MissingUser[]): string {
  const lines = [
    ...changes.map(({ planned, content, due }) => {
      const rules = due.rules.map(({ name, hash }) => `${name}=${hash}`);
      return JSON.stringify([planned.accountNumber, planned.kind, due.user ? content.userHash : "", ...rules]);
    }),
    ...missing.map(({ accountNumber }) => JSON.stringify([accountNumber, "missing"])),
  ];
  // Twelve of 43 characters: 72 bits, and still short enough to be typed.
  return hashText(lines.sort().join("\n")).slice(0, 12);
}

/** Observers observe: what they throw is theirs, and the run goes on. */
function observer(logger: { error(message: string): void } | undefined) {
  return <T>(name: string, callback: ((value: T) => void) | undefined): ((value: T) => void) | undefined =>
    callback &&
    ((value) => {
      try {
        callback(value);
      } catch {
        logger?.error(`oplead-sdk: ${name} threw; the run goes on`);
      }
    });
}
