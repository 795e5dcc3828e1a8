import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import type { LoadedConfig } from "oplead-sdk/config";
import type { GuardFinding, PlannedOutcome } from "oplead-sdk/sync";
import { errorCode } from "../../base/error-code.ts";
import { CommandError, withFile } from "../exit.ts";
import { OWNER_ONLY } from "../shell/write-file.ts";

interface RunOfLine {
  readonly time: string;
  readonly run: string;
  /** The hash of the plan. */
  readonly plan: string;
}

/** One line of the audit file: the outcome of one user in one run. No personal data. */
interface AuditLine
  extends RunOfLine,
    Pick<PlannedOutcome, "accountNumber" | "fields" | "rules" | "outcome" | "testMode" | "requestIds"> {}

/** A way past the guard. */
export type Bypass = "guard: false" | "--approve" | "--first-run";

/** The line before those of a run that was sent past the guard. */
interface BypassLine extends RunOfLine {
  /** `OPLEAD_OPERATOR`, else the user of the system. */
  readonly who: string;
  readonly by: readonly Bypass[];
  /** The codes of what the guard said of the plan. */
  readonly findings: readonly string[];
}

function operator(): string {
  try {
    return process.env.OPLEAD_OPERATOR || userInfo().username;
  } catch {
    // A container may run as a user that the system has no name for.
    return `user ${process.getuid?.()}`;
  }
}

/** Where the audit file is; undefined if the config wants none. */
export function auditPath({ config, folder }: LoadedConfig): string | undefined {
  const { audit = "./oplead-audit.jsonl" } = config;
  return audit === false ? undefined : resolve(folder, audit);
}

/** Adds lines to the audit file. Opened before anything is sent. */
export class Audit {
  readonly #path: string;
  readonly #run: string;
  readonly #plan: string;
  readonly #descriptor: number;
  /** Why a line could not be written. Then the run should end: what it does must be on record. */
  failure: CommandError | undefined;

  constructor(path: string, run: string, plan: string) {
    this.#path = path;
    this.#run = run;
    this.#plan = plan;
    try {
      // Appending is atomic for lines as short as these, also if two processes write.
      this.#descriptor = openSync(path, "a+", OWNER_ONLY);
      endLine(this.#descriptor);
    } catch (error) {
      throw this.#problem(error);
    }
  }

  add({ accountNumber, fields, rules, outcome, testMode, requestIds }: PlannedOutcome): void {
    this.#write({ accountNumber, fields, rules, outcome, testMode, requestIds });
  }

  /** Notes who sends the plan past the guard, how, and which findings are overruled. */
  addBypass(by: readonly Bypass[], findings: readonly GuardFinding[]): void {
    this.#write({ who: operator(), by, findings: findings.map(({ code }) => code) });
    if (this.failure) throw this.failure;
  }

  #write(what: Omit<AuditLine, keyof RunOfLine> | Omit<BypassLine, keyof RunOfLine>): void {
    if (this.failure) return;
    const text = `${JSON.stringify({ time: new Date().toISOString(), run: this.#run, plan: this.#plan, ...what })}\n`;
    try {
      if (writeSync(this.#descriptor, text) < Buffer.byteLength(text))
        throw Object.assign(new Error(), { code: "ENOSPC" });
    } catch (error) {
      this.failure = this.#problem(error);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #problem(error: unknown): CommandError {
    return new CommandError("audit", `The audit file ${this.#path} cannot be written (${errorCode(error)}).`);
  }
}

/** A run that was killed may have left half a line, which would swallow the first line of this one. */
function endLine(descriptor: number): void {
  const { size } = fstatSync(descriptor);
  const last = Buffer.from("\n");
  if (size > 0) readSync(descriptor, last, 0, 1, size - 1);
  if (last.toString() !== "\n") writeSync(descriptor, "\n");
}

/** The account numbers that the newest run of the audit file could not send. */
export function lastFailures(path: string): { readonly run: string; readonly accountNumbers: string[] } | undefined {
  if (!existsSync(path)) return undefined;
  const outcomes = new Map<string, string>();
  let run: string | undefined;
  withFile("audit", `The audit file ${path} cannot be read`, () => {
    for (const row of linesFromEnd(path)) {
      const line = parse(row);
      if (!line || !("accountNumber" in line) || line.testMode) continue;
      run ??= line.run;
      if (line.run !== run) break;
      if (!outcomes.has(line.accountNumber)) outcomes.set(line.accountNumber, line.outcome);
    }
  });
  const accountNumbers = [...outcomes].filter(([, outcome]) => FAILED.has(outcome)).map(([name]) => name);
  return run === undefined ? undefined : { run, accountNumbers };
}

/** As much of the file as is read at once. */
const CHUNK = 65_536;

/** The file grows with every night, and its last run is at its end: it is read from there, and no further than is asked for. */
function* linesFromEnd(path: string): Generator<string> {
  const descriptor = openSync(path, "r");
  try {
    // The end of a line whose beginning has not been read yet.
    let rest = "";
    for (let end = fstatSync(descriptor).size; end > 0; ) {
      const start = Math.max(0, end - CHUNK);
      const chunk = Buffer.alloc(end - start);
      readSync(descriptor, chunk, 0, chunk.length, start);
      end = start;
      // One byte, one character: a letter may lie on both sides of the cut.
      const lines = (chunk.toString("latin1") + rest).split("\n");
      rest = lines.shift() ?? "";
      for (const line of lines.reverse()) yield Buffer.from(line, "latin1").toString();
    }
    yield Buffer.from(rest, "latin1").toString();
  } finally {
    closeSync(descriptor);
  }
}

const FAILED: ReadonlySet<string> = new Set(["failed", "incomplete", "skipped"]);

/** A line that a killed process left half is passed over. */
function parse(row: string): AuditLine | BypassLine | undefined {
  try {
    return JSON.parse(row) as AuditLine | BypassLine;
  } catch {
    return undefined;
  }
}
