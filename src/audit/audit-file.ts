import type { Outcome } from "../core/outcomes.ts";
import { type Closeable, closeable } from "../core/run-time.ts";
import { argumentsCheck, clock, oneOf, options, unless } from "../core/validate.ts";
import type { SourceUser } from "../reconcile/content.ts";
import { type FailedStep, failuresOf, type UserOutcome } from "../reconcile/reconciliation.ts";
import type { RuleName } from "../rules/rules.ts";
import { type AuditPlace, auditPlace, dayFile, daysOf, fileSystem, useAudit } from "./files.ts";
import { AUDIT_FORM, AUDIT_LINES, type AuditLine, type AuditOrigin, type UserLine } from "./line.ts";

/** Options of {@link auditFile}. */
export interface AuditFileOptions {
  /** The origin of lines from `onUser`. Default: `"sync"` for a user of a run, else `"worker"`. */
  readonly origin?: AuditOrigin | undefined;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** A user as `onUser` of a run or of a worker gets it. */
export interface AuditedUser extends UserOutcome {
  readonly runId?: string | undefined;
  readonly rules?: readonly RuleName[] | undefined;
}

/** An entry as `onOutcome` of a webhook gets it. */
export interface AuditedEvent {
  readonly outcome: Outcome;
  readonly deliveryId: string | undefined;
  readonly testMode: boolean;
  readonly id: string | undefined;
  readonly requestIds: readonly string[];
  readonly fields: readonly string[];
  readonly entry: SourceUser;
  readonly failed?: readonly FailedStep[];
}

/** A line to write, without the fields that the file adds to every line. */
export type NewAuditLine<Line extends AuditLine = AuditLine> = Line extends AuditLine
  ? Omit<Line, "version" | "time" | "origin"> & Partial<Pick<Line, "origin">>
  : never;

/** An audit file for writing. Its functions can be passed on by themselves. */
export interface AuditFile extends Closeable {
  /** For `onUser` of a run or of a worker. */
  readonly onUser: (user: AuditedUser) => void;
  /** For `onOutcome` of a webhook. */
  readonly onOutcome: (event: AuditedEvent) => void;
  /**
   * Writes a line of your own, for example those of a run.
   *
   * @throws {@link OpleadError} `audit_unavailable`, as the two functions above do.
   */
  readonly write: (line: NewAuditLine) => void;
  /** Closes the file. The next line opens it again. */
  close(): Promise<void>;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("auditFile", () => ({
  place: unless((value) => typeof value === "string" && value.trim() !== "", auditPlace()),
  options: options<AuditFileOptions>({
    origin: oneOf("sync", "apply", "retry", "verify", "serve", "worker"),
    now: clock(),
  }),
}));

/**
 * A file with a line of JSON for each user that was sent: see {@link UserLine}. Appending is atomic for lines as short
 * as these, so several processes may write one file. When the function returns, the system has the line: it survives a
 * crash of the process, and perhaps not one of the machine.
 *
 * ```ts
 * const audit = auditFile({ file: "./audit.jsonl", keepDays: 400 });
 * await syncUsers(oplead, { source, map, ledger, onUser: audit.onUser });
 * createUserWebhook(oplead, { verify, map, ledger, onOutcome: audit.onOutcome });
 * ```
 *
 * `place`: a path, for one file; or a file and the days to keep, for a file each day (UTC).
 *
 * @throws {@link OpleadError} `invalid_input`. Its functions: `audit_unavailable`.
 */
export function auditFile(place: string | AuditPlace, given: AuditFileOptions = {}): AuditFile {
  checkArguments({ place, options: given });
  const { now = Date.now } = given;
  const { file, keepDays } = typeof place === "string" ? { file: place } : place;
  const lines = lineFile(file, { byDay: typeof place !== "string", keepDays, now });
  const write = (line: NewAuditLine): void => {
    const time = new Date(now()).toISOString();
    const origin = line.origin ?? given.origin ?? "sync";
    const whole = { ...line, version: AUDIT_FORM, time, origin };
    useAudit(file, "written", () => lines.append(time, AUDIT_LINES[line.event].print(whole)));
  };
  return closeable({
    write,
    onUser: (user: AuditedUser) => {
      const { runId: run, accountNumber, id, outcome, fields, applied, failures, requestIds, testMode } = user;
      const steps = new Set([...applied, ...failures.map(({ step }) => step)]);
      const { rules = [...steps].filter((step) => step !== "user"), recovered } = user;
      const origin = given.origin ?? (run === undefined ? "worker" : "sync");
      write({
        event: "user",
        origin,
        run,
        accountNumber,
        id,
        outcome,
        fields,
        rules,
        failures,
        requestIds,
        testMode,
        recovered,
      });
    },
    onOutcome: ({
      outcome,
      deliveryId: delivery,
      testMode,
      id,
      requestIds,
      fields,
      entry,
      failed = [],
    }: AuditedEvent) =>
      write({
        event: "user",
        origin: given.origin ?? "serve",
        delivery,
        accountNumber: entry.user.accountNumber ?? "",
        id,
        outcome,
        fields,
        rules: Object.keys(entry.rules ?? {}) as RuleName[],
        failures: failuresOf(failed),
        requestIds,
        testMode,
      }),
    close: async () => lines.close(),
  });
}

interface LineFileOptions {
  /** A file for each day (UTC), or one. */
  readonly byDay: boolean;
  readonly keepDays: number | undefined;
  readonly now: () => number;
}

/** The file holds account numbers. */
const OWNER_ONLY = 0o600;
const DAY_MS = 86_400_000;

/**
 * A file to which lines of JSON are added. The first line opens it. With a file for each day, so does the first line of
 * each day.
 */
function lineFile(file: string, { byDay, keepDays, now }: LineFileOptions) {
  let open: { readonly path: string; readonly descriptor: number } | undefined;
  const close = (): void => {
    if (open) fileSystem().closeSync(open.descriptor);
    open = undefined;
  };
  const opened = (time: string): number => {
    const path = byDay ? dayFile(file, time.slice(0, 10)) : file;
    if (open?.path === path) return open.descriptor;
    close();
    const descriptor = fileSystem().openSync(path, "a+", OWNER_ONLY);
    open = { path, descriptor };
    endLine(descriptor);
    if (keepDays !== undefined) deleteBefore(file, new Date(now() - keepDays * DAY_MS).toISOString().slice(0, 10));
    return descriptor;
  };
  return {
    close,
    /** Throws the error of the system, also if only a part of the line was written. `time` is ISO 8601. */
    append(time: string, line: unknown): void {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      try {
        if (fileSystem().writeSync(opened(time), bytes) === bytes.length) return;
        throw Object.assign(new Error(), { code: "ENOSPC" });
      } catch (error) {
        // The next line opens the file again and ends the half line.
        close();
        throw error;
      }
    },
  };
}

/** Ends the half line that a killed process left: the next line would be appended to it. */
function endLine(descriptor: number): void {
  const { fstatSync, readSync, writeSync } = fileSystem();
  const { size } = fstatSync(descriptor);
  const last = Buffer.from("\n");
  if (size > 0) readSync(descriptor, last, 0, 1, size - 1);
  if (last.toString() !== "\n") writeSync(descriptor, "\n");
}

function deleteBefore(file: string, first: string): void {
  const old = daysOf(file).filter((day) => day < first);
  for (const day of old) fileSystem().rmSync(dayFile(file, day), { force: true });
}
