import { type Closeable, closeable } from "../core/run-time.ts";
import { argumentsCheck, unless } from "../core/validate.ts";
import { type UserOutcome, type WebhookOutcome, withoutErrors } from "../reconcile/reconciliation.ts";
import type { RuleName } from "../rules/rules.ts";
import { type AuditPlace, auditPlace, dayFile, daysOf, fileSystem, useAudit } from "./files.ts";
import { AUDIT_FORM, AUDIT_LINES, type AuditLine, type AuditOrigin, type UserLine } from "./line.ts";

interface Options {
  // Default: `sync` for a user of a run, else `worker`.
  readonly origin?: AuditOrigin | undefined;
  readonly now?: (() => number) | undefined;
}

export type NewAuditLine<Line extends AuditLine = AuditLine> = Line extends AuditLine
  ? Omit<Line, "version" | "time" | "origin"> & Partial<Pick<Line, "origin">>
  : never;

/** An audit file that can be written. Its functions need no `this`, so each can be passed on as a callback. */
export interface AuditFile extends Closeable {
  /** Writes the line of one user. Give it to a run or a worker as `onUser`. */
  readonly onUser: (
    user: UserOutcome & { readonly runId?: string | undefined; readonly rules?: readonly RuleName[] | undefined },
  ) => void;
  /** Writes the line of one entry of a delivery. Give it to a webhook as `onOutcome`. */
  readonly onOutcome: (event: WebhookOutcome) => void;
  /** Closes the file. The next line opens it again. */
  close(): Promise<void>;
}

export interface OpenAudit extends AuditFile {
  readonly write: (line: NewAuditLine) => void;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("auditFile", () => ({
  place: unless((value) => typeof value === "string" && value.trim() !== "", auditPlace()),
}));

/**
 * A file with a line of JSON for each user that was sent: see {@link UserLine}. Appending is atomic for lines as short
 * as these, so several processes may write one file. When the function returns, the system has the line: it survives a
 * crash of the process, but may be lost if the machine crashes.
 *
 * ```ts
 * const audit = auditFile({ file: "./audit.jsonl", keepDays: 400 });
 * await syncUsers(oplead, { source, map, ledger, onUser: audit.onUser });
 * createUserWebhook(oplead, { verify, map, ledger, onOutcome: audit.onOutcome });
 * ```
 *
 * `place`: a path, if the audit is one file; or `{ file, keepDays }`, if each day (UTC) has a file of its own.
 *
 * @throws {@link OpleadError} `invalid_input`. The functions of the result throw `audit_unavailable`.
 */
export function auditFile(place: string | AuditPlace): AuditFile {
  checkArguments({ place });
  return openAudit(place);
}

export function openAudit(place: string | AuditPlace, given: Options = {}): OpenAudit {
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
    onUser: (user: Parameters<AuditFile["onUser"]>[0]) => {
      const { runId: run, accountNumber, id, outcome, fields, differs, applied, failed, requestIds, testMode } = user;
      const steps = new Set([...applied, ...failed.map(({ step }) => step)]);
      const { rules = [...steps].filter((step) => step !== "user"), killed } = user;
      const origin = given.origin ?? (run === undefined ? "worker" : "sync");
      write({
        event: "user",
        origin,
        run,
        accountNumber,
        id,
        outcome,
        fields,
        differs: differs?.length ? differs : undefined,
        rules,
        failed: withoutErrors(failed),
        requestIds,
        testMode,
        killed,
      });
    },
    onOutcome: ({
      accountNumber,
      outcome,
      deliveryId: delivery,
      testMode,
      id,
      requestIds,
      fields,
      entry,
      failed,
    }: WebhookOutcome) =>
      write({
        event: "user",
        origin: given.origin ?? "serve",
        delivery,
        accountNumber,
        id,
        outcome,
        fields,
        rules: Object.keys(entry.rules ?? {}) as RuleName[],
        failed: withoutErrors(failed),
        requestIds,
        testMode,
      }),
    close: async () => lines.close(),
  });
}

interface LineFileOptions {
  readonly byDay: boolean;
  readonly keepDays: number | undefined;
  readonly now: () => number;
}

const OWNER_ONLY = 0o600;
const DAY_MS = 86_400_000;

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
    // Throws even if a part of the line was written.
    append(time: string, line: unknown): void {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      try {
        if (fileSystem().writeSync(opened(time), bytes) === bytes.length) return;
        throw Object.assign(new Error(), { code: "ENOSPC" });
      } catch (error) {
        // The failed write may have left half a line. Opening the file again ends it with a line break.
        close();
        throw error;
      }
    },
  };
}

// A killed process may have left a half line.
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
