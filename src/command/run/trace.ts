import { hostname, userInfo } from "node:os";
import { resolve } from "node:path";
import type { OpleadError } from "oplead-sdk";
import {
  type AuditPlace,
  among,
  type GuardFinding,
  type Ledger,
  type LedgerPlatform,
  type PlannedOutcome,
  type SyncPlan,
  type SyncReport,
} from "oplead-sdk/sync";
import {
  type AuditOrigin,
  auditedRuns,
  type LoadedConfig,
  type NewAuditLine,
  type OpenAudit,
  openAudit,
  type RunEndedLine,
  readAudit,
} from "#parts";
import { addressOf } from "../../core/names.ts";
import { version } from "../../core/run-time.ts";
import { CommandError } from "../exit.ts";
import { told } from "../say.ts";
import type { ConfigFlags } from "../shell/program.ts";
import { load } from "../workspace/load.ts";

export type Bypass = "guard: false" | "--approve" | "earlier approval";

interface Failed extends Pick<RunEndedLine, "status" | "exitCode" | "code"> {
  readonly plan?: SyncPlan | undefined;
  readonly findings?: readonly GuardFinding[] | undefined;
}

export class RunTrace {
  readonly #run: string;
  readonly #origin: AuditOrigin;
  readonly #beganAt = performance.now();
  readonly #told = new Set<string>();
  #audit: OpenAudit | undefined;
  #loaded: LoadedConfig | undefined;
  #hasEnded = false;
  // A failure of the audit ends the run: everything that a run does must be in the audit.
  failure: OpleadError | undefined;

  constructor(run: string, origin: AuditOrigin) {
    this.#run = run;
    this.#origin = origin;
  }

  begin(loaded: LoadedConfig): void {
    this.#loaded = loaded;
    this.#audit = openAuditOf(loaded, this.#origin);
    this.#write({
      event: "run_started",
      run: this.#run,
      platform: platformOf(loaded),
      operator: operator(),
      host: hostname(),
      packageVersion: version,
    });
    if (this.failure) throw this.failure;
  }

  // Writes the lines that killed runs lack. The open ledger proves that no run is under way, so newer entries are
  // theirs.
  async recover(ledger: Ledger): Promise<void> {
    const path = this.#loaded && auditPath(this.#loaded);
    if (path === undefined) return;
    const open = auditedRuns(path).filter(({ run, started, ended }) => started && !ended && run !== this.#run);
    const [first] = open;
    if (!first?.started) return;
    const since = Date.parse(first.started.time);
    const lineAt = new Map<string, number>();
    const counts = new Map(open.map((one) => [one.run, { ...one.counts }]));
    for (const line of readAudit(path)) {
      if (line.event === "user" && !line.testMode) lineAt.set(line.accountNumber, Date.parse(line.time));
    }
    const nothing = { fields: [], rules: [], failed: [], requestIds: [], testMode: false, killed: true } as const;
    for await (const [accountNumber, { id, at, user }] of ledger.entries()) {
      if (at < since || user === undefined || at <= (lineAt.get(accountNumber) ?? 0)) continue;
      const { run = first.run, started } = open.findLast((one) => Date.parse(one.started?.time ?? "") <= at) ?? {};
      // A user without a line may not be new: the ledger may be older than the audit, or a file of the audit was
      // removed.
      const outcome = lineAt.has(accountNumber) ? "updated" : "sent";
      const counted = counts.get(run);
      if (counted) counted[outcome] = (counted[outcome] ?? 0) + 1;
      this.#write({
        event: "user",
        run,
        origin: started?.origin ?? this.#origin,
        accountNumber,
        id,
        outcome,
        ...nothing,
      });
    }
    for (const { run, started, planned } of open) {
      this.#write({
        event: "run_ended",
        run,
        origin: started?.origin ?? this.#origin,
        status: "killed",
        plan: planned?.plan,
        findings: planned?.findings ?? [],
        testMode: false,
        counts: counts.get(run) ?? {},
        requests: 0,
        durationMs: 0,
      });
    }
  }

  // Called before anything is sent. Throws if the line cannot be written.
  planned({ hash: plan, platform, selection, changes, refusals }: SyncPlan, approvedBy: readonly Bypass[]): void {
    const findings = codesOf(refusals);
    this.#write({
      event: "run_planned",
      run: this.#run,
      platform,
      plan,
      sourceFile: selection.sourceFile,
      changes: changes.length,
      approvedBy,
      findings,
    });
    if (this.failure) throw this.failure;
  }

  // `byWorker`: the worker's own line has the request ids.
  user(user: PlannedOutcome, byWorker: boolean): void {
    this.#told.add(user.accountNumber);
    try {
      if (!this.failure) this.#audit?.onUser(byWorker ? { ...user, requestIds: [] } : user);
    } catch (error) {
      this.failure = error as OpleadError; // what the audit throws
    }
  }

  ended(report: SyncReport, exitCode: number, entries?: number): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const { status, stopReason, hash: plan, sourceFile, testMode, counts, requests, durationMs, refusals } = report;
    const { findings } = report;
    // A paused run looked for no problems: `status` and metrics keep the numbers of the last run that did.
    const { newProblems, knownProblems, problems } = status === "paused" ? ({} as Partial<SyncReport>) : report;
    const isOfChanges = status === "paused" || this.#loaded?.config.incremental;
    const part = report.part ? true : undefined;
    const leaversDue = isOfChanges
      ? undefined
      : among(findings, "leaver").filter(({ state }) => state === "due").length;
    const run = this.#run;
    const unsent = (
      accountNumber: string | undefined,
      more: Partial<Extract<NewAuditLine, { event: "user" }>>,
    ): void => {
      if (accountNumber === undefined || this.#told.has(accountNumber)) return;
      this.#told.add(accountNumber);
      this.#write({
        event: "user",
        run,
        accountNumber,
        outcome: "skipped",
        fields: [],
        rules: [],
        failed: [],
        requestIds: [],
        testMode,
        ...more,
      });
    };
    for (const one of findings) {
      if (one.kind === "held") {
        const { step, code, status, fields } = one;
        unsent(one.accountNumber, {
          outcome: "held",
          failed: [{ step, code, status, held: true, requestId: undefined, fields }],
        });
      } else if (one.kind === "invalid") {
        unsent(one.accountNumber, {
          outcome: "invalid",
          issues: one.issues.map(({ path, code }) => ({ path, code })),
        });
      } else if (one.kind === "duplicate" || one.kind === "twin" || one.kind === "stale") {
        unsent(one.accountNumber, { outcome: one.kind });
      } else if (one.kind === "skipped" || one.kind === "waiting") unsent(one.accountNumber, {});
    }
    this.#write({
      event: "run_ended",
      run,
      status,
      exitCode,
      code: stopReason?.code,
      plan,
      sourceFile,
      testMode,
      part,
      counts,
      requests,
      durationMs,
      findings: codesOf(refusals),
      newProblems,
      knownProblems,
      problems,
      leaversDue,
      oldestConfirmedAt: status === "paused" ? undefined : report.refresh?.oldestAt,
      entries,
    });
  }

  endedWithout({ plan, findings = [], ...how }: Failed): void {
    if (this.#hasEnded || !this.#audit) return;
    this.#hasEnded = true;
    this.#write({
      event: "run_ended",
      run: this.#run,
      ...how,
      plan: plan?.hash,
      sourceFile: plan?.selection.sourceFile,
      testMode: plan?.testMode ?? false,
      findings: codesOf(findings),
      refusals: findings.length > 0 ? findings : undefined,
      counts: {},
      requests: 0,
      durationMs: Math.round(performance.now() - this.#beganAt),
    });
  }

  close(): Promise<void> | undefined {
    return this.#audit?.close();
  }

  #write(line: NewAuditLine): void {
    try {
      if (!this.failure) this.#audit?.write(line);
    } catch (error) {
      this.failure = error as OpleadError; // what the audit throws
    }
  }
}

function codesOf(findings: readonly GuardFinding[]): string[] {
  return findings.map(({ code }) => code);
}

function placeOf({ config, folder }: LoadedConfig): string | AuditPlace | undefined {
  const { audit = "./oplead-audit.jsonl" } = config;
  if (audit === false) return undefined;
  return typeof audit === "string" ? resolve(folder, audit) : { ...audit, file: resolve(folder, audit.file) };
}

export function auditPath(loaded: LoadedConfig): string | undefined {
  const place = placeOf(loaded);
  return typeof place === "string" ? place : place?.file;
}

export function openAuditOf(loaded: LoadedConfig, origin: AuditOrigin): OpenAudit | undefined {
  const place = placeOf(loaded);
  return place === undefined ? undefined : openAudit(place, { origin });
}

// The platform as plans write it.
export function platformOf({ config }: LoadedConfig): LedgerPlatform | undefined {
  const { baseUrl: given, platform } = config.client ?? {};
  const baseUrl = addressOf(given, process.env.OPLEAD_BASE_URL);
  if (!URL.canParse(baseUrl)) return undefined;
  const { origin, pathname } = new URL(baseUrl);
  return { baseUrl: origin + pathname.replace(/\/+$/, ""), name: platform?.name };
}

export function operator(): string {
  try {
    return process.env.OPLEAD_OPERATOR || userInfo().username;
  } catch {
    // `userInfo` throws in a container whose user has no name.
    return `user ${process.getuid?.()}`;
  }
}

// Opens no ledger: a run may have it open.
export async function pathOfAudit({ config: file, target }: ConfigFlags): Promise<string> {
  return requireAudit(await load({ file, target, needs: [] }));
}

export function requireAudit(loaded: LoadedConfig): string {
  const path = auditPath(loaded);
  if (path === undefined) throw new CommandError("usage", told("no_audit_file"));
  return path;
}
