import { invalid, isOpleadError, OpleadError } from "../../core/errors.ts";
import { issueAt, type OpleadIssue } from "../../core/issues.ts";
import type { OpleadLogger } from "../../core/log.ts";
import {
  argumentsCheck,
  boolean,
  issuesIn,
  matching,
  options,
  optionsCheck,
  record,
  says,
  text,
} from "../../core/validate.ts";
import { isObject } from "../../core/values.ts";
import * as z from "../../core/zod.ts";
import { answerOf } from "../../coverage/receives.ts";
import type { PolicyCoverage } from "../../coverage/types.ts";
import { tellRecord, tellValue } from "../../locales/en/core.ts";
import { counted } from "../../locales/en/words.ts";
import { readContent, type SourceUser } from "../../reconcile/content.ts";
import type { Platform } from "../../transport/options.ts";
import { findUserIssues, type UserOptions } from "../../user/user.ts";
import type { SourcePosition } from "../types/findings.ts";
import type { GuardOptions, SyncOptions } from "../types/options.ts";

export interface MappedRecord extends SourcePosition {
  readonly key: string | undefined;
  readonly user: SourceUser | undefined;
  readonly segment: string | undefined;
  readonly receives: boolean | undefined;
  readonly source: unknown;
  readonly failure: MapFailure | undefined;
}

interface MapFailure {
  readonly issues: readonly OpleadIssue[];
  readonly error: unknown;
}

export type MapOptions<SourceRecord> = Pick<SyncOptions<SourceRecord>, "map" | "key" | "rowOf"> &
  Pick<GuardOptions, "segments"> &
  Pick<PolicyCoverage, "receives">;

// Returns a promise only if `map` does: promises take time.
export function mapRecord<SourceRecord>(
  options: MapOptions<SourceRecord>,
  record: number,
  source: SourceRecord,
): MappedRecord | Promise<MappedRecord> {
  const row = attempt(options.rowOf, source);
  // An empty key counts as none: rows with an empty cell are not duplicates of each other.
  const key = attempt(options.key, source) || undefined;
  const mapped = (user: SourceUser | null | undefined): MappedRecord => {
    const segment = segmentOf(user, source, options.segments);
    const receives = receivesOf(user, options.receives);
    return { record, row, key, source, user: user ?? undefined, segment, receives, failure: undefined };
  };
  const failed = (error: unknown): MappedRecord => {
    return {
      record,
      row,
      key,
      source,
      user: undefined,
      segment: undefined,
      receives: undefined,
      failure: { issues: issuesOf(error), error },
    };
  };
  try {
    const user = options.map(source);
    return isPromise(user) ? Promise.resolve(user).then(mapped).catch(failed) : mapped(user);
  } catch (error) {
    return failed(error);
  }
}

// An error in `segments` counts as one of `map`: the user would be judged in the wrong group.
function segmentOf(
  user: SourceUser | null | undefined,
  source: unknown,
  segments: GuardOptions["segments"],
): string | undefined {
  if (!segments || !isObject(user?.user)) return undefined;
  if (typeof segments === "string") {
    if (!isObject(source) || !Object.hasOwn(source, segments)) throw invalidSegment(segments);
    return `${source[segments] ?? ""}`.trim() || undefined;
  }
  const segment: unknown = segments(user.user, user.rules ?? {}) ?? undefined;
  if (segment !== undefined && typeof segment !== "string") throw new TypeError("guard.segments gave no text");
  return segment || undefined;
}

function invalidSegment(field: string): OpleadError {
  return invalid("invalid_input", "guard.segments", [issueAt("guard.segments", tellRecord("no_segment", { field }))]);
}

function receivesOf(user: SourceUser | null | undefined, receives: PolicyCoverage["receives"]): boolean | undefined {
  if (!receives || !isObject(user?.user)) return undefined;
  const said: unknown = answerOf(receives, user);
  if (said !== undefined && typeof said !== "boolean")
    throw new TypeError("coverage.receives gave neither true nor false");
  return said;
}

// Ignores errors of `key` and `rowOf`: `map` reports what is wrong with such a record.
function attempt<SourceRecord, T>(
  callback: ((record: SourceRecord) => T) | undefined,
  record: SourceRecord,
): T | undefined {
  try {
    return callback?.(record);
  } catch {
    return undefined;
  }
}

// Issues of rule builders and validators stay as they are.
function issuesOf(error: unknown): OpleadIssue[] {
  if (isOpleadError(error) && error.issues && error.issues.length > 0) return [...error.issues];
  return (
    issuesIn(error, false) ?? [issueAt("", tellRecord("map_failed", { error: nameOf(error), at: positionOf(error) }))]
  );
}

// Failures that are logged: a mistake in `map` often affects every record.
const LINES = 10;

export class MapFailureLog {
  readonly #logger: OpleadLogger | undefined;
  #failures = 0;

  constructor(logger: OpleadLogger | undefined) {
    this.#logger = logger;
  }

  add({ record, row, failure }: Pick<MappedRecord, "record" | "row" | "failure">): void {
    if (!failure) return;
    this.#failures += 1;
    if (this.#failures > LINES) return;
    const where = `record ${record + 1}${row === undefined ? "" : ` (row ${row})`}`;
    this.#logger?.warn(`oplead-sdk: ${where}: ${mapFailureText(failure)}`, { event: "map_failed", record, row });
  }

  end(): void {
    const more = this.#failures - LINES;
    if (more <= 0) return;
    this.#logger?.warn(`oplead-sdk: map threw for ${counted(more, "more record")}`, { event: "map_failed", more });
  }
}

function mapFailureText({ error }: MapFailure): string {
  const where = positionOf(error);
  const message = error instanceof Error ? error.message : "";
  return `map threw ${nameOf(error)}${message === "" ? "" : `: ${message}`}${where === undefined ? "" : ` (at ${where})`}`;
}

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : `a ${typeof error}`;
}

// Place in the code, without folders. For an error of this package, the first frame outside of it.
export function positionOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== "string") return undefined;
  // The stack begins with the message, which may contain anything.
  const frames = error.stack
    .slice(error.stack.indexOf(error.message) + error.message.length)
    .split("\n")
    .flatMap((line) => /([^\s()]+:\d+:\d+)\)?\s*$/.exec(line)?.[1] ?? []);
  const own = isOpleadError(error) ? /^.*\/(?:dist|src)\//.exec(frames[0] ?? "")?.[0] : undefined;
  const frame = own === undefined ? frames[0] : frames.find((one) => !one.startsWith(own));
  return frame?.replace(/^.*[/\\]/, "");
}

function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === "function";
}

/**
 * Problems that would make the result of `map` invalid in a run, each with its path; for tests of `map`. Sends nothing,
 * and cannot find problems that depend on other records or on the platform.
 *
 * ```ts
 * checkSourceUser(toUser(row)).map(({ path, message }) => `${path} ${message}`);
 * ```
 *
 * @throws {@link OpleadError} `invalid_options`; `invalid_input` if `source` is not an object.
 */
export function checkSourceUser(
  source: SourceUser,
  options: Pick<Platform, "numericAccountNumbers" | "customFields"> = {},
): readonly OpleadIssue[] {
  checkArguments({ source });
  checkOptions(options);
  const content = readContent(source, options);
  return "userHash" in content ? findUserIssues(content.user, options) : content;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("checkSourceUser", () => ({ source: record() }));

const checkOptions = /* @__PURE__ */ optionsCheck<Omit<UserOptions, "wire">>("checkSourceUser", () =>
  options({ numericAccountNumbers: boolean(), customFields: z.array(text(), says(tellValue("not_list"))) }),
);

const check = /* @__PURE__ */ argumentsCheck("RecordError", () => ({
  message: matching(/\S/, tellValue("not_text")),
  options: options<{ readonly field?: string | undefined }>({ field: text() }),
}));

/**
 * An error to throw in `map`: says what is wrong with a record. Its message is shown in plans, reports, log lines and
 * the CSV, so it must not hold personal data. Messages of other errors are shown only where personal data may be.
 *
 * ```ts
 * if (row.role !== "Seller") throw new RecordError("column Role: the value must be “Seller”", { field: "profile.code" });
 * ```
 *
 * `field`: the field of the user that cannot be filled, or the column. Default: the record as a whole. Its `code` is
 * `invalid_input`; `issues` holds the message with the code `record_error`.
 *
 * @throws {@link OpleadError} `invalid_input` for a message that is empty or not a text, and for unknown options.
 */
export class RecordError extends OpleadError {
  constructor(message: string, options: { readonly field?: string | undefined } = {}) {
    check({ message, options });
    super("invalid_input", message, {
      issues: [issueAt(options.field ?? "", tellRecord("record_error", { message }))],
    });
  }
}
