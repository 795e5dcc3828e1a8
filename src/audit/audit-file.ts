import { type Closeable, closeable } from "../base/closeable.ts";
import type { Outcome } from "../base/outcomes.ts";
import { clock } from "../base/validation/parts.ts";
import { argumentsCheck, oneOf, options, unless } from "../base/validation/validate.ts";
import type { SourceUser } from "../reconcile/content/content.ts";
import type { FailedStep } from "../reconcile/reconciliation.ts";
import { failuresOf, type UserOutcome } from "../reconcile/user-outcome.ts";
import type { RuleName } from "../rules/rules.ts";
import { type AuditPlace, auditPlace, useAudit } from "./files.ts";
import {
  AUDIT_FORM,
  AUDIT_LINES,
  type AuditLine,
  type AuditLineBase,
  type AuditOrigin,
  type UserLine,
} from "./line.ts";
import { lineFile } from "./line-file.ts";

/** Options of {@link auditFile}. */
export interface AuditFileOptions {
  /** The origin of lines from `onUser`. Default: `"sync"` for a user of a run, else `"worker"`. */
  readonly origin?: AuditOrigin | undefined;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** A user that `onUser` of a run or of a worker is told of. */
export interface AuditedUser extends UserOutcome {
  readonly runId?: string | undefined;
  readonly rules?: readonly RuleName[] | undefined;
}

/** An entry that `onOutcome` of a webhook is told of. */
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

/** A line to write, without what the file adds: what every line has. */
export type NewAuditLine<Line extends AuditLine = AuditLine> = Line extends AuditLine
  ? Omit<Line, "version" | "time" | "origin"> & Partial<Pick<Line, "origin">>
  : never;

/** An audit file that is written. Its functions can be handed over as they are. */
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
 * A file with a line of JSON for each user that was sent: see {@link UserLine}. Appending is atomic for lines as short as these, so several
 * processes may write one file. Each line is on its way to the disk when the function returns: it outlives the process, not the machine.
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
    const base: AuditLineBase = { version: AUDIT_FORM, time, origin: given.origin ?? "sync" };
    const { event, ...rest } = line;
    useAudit(file, "written", () => lines.append(time, AUDIT_LINES[event].print({ event, ...base, ...rest })));
  };
  return closeable({
    write,
    onUser: (user: AuditedUser) => {
      const { runId: run, accountNumber, id, outcome, fields, applied, failures, requestIds, testMode } = user;
      const steps = new Set([...applied, ...failures.map(({ step }) => step)]);
      const { rules = [...steps].filter((step) => step !== "user"), recovered } = user;
      const origin = given.origin ?? (run === undefined ? "worker" : "sync");
      const facts = { accountNumber, id, outcome, fields, rules, failures, requestIds, testMode, recovered };
      write({ event: "user", origin, run, ...facts });
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
        ...{ event: "user", origin: given.origin ?? "serve", delivery, accountNumber: entry.user.accountNumber ?? "" },
        ...{ id, outcome, fields, rules: Object.keys(entry.rules ?? {}) as RuleName[] },
        ...{ failures: failuresOf(failed), requestIds, testMode },
      }),
    close: async () => lines.close(),
  });
}
