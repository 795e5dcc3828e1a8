import { isOpleadError } from "../../../base/errors.ts";
import type { OpleadIssue } from "../../../base/issues.ts";
import { issueAt } from "../../../base/issues.ts";
import type { OpleadLogger } from "../../../base/observe.ts";
import { isObject } from "../../../base/validation/is-object.ts";
import { issuesIn } from "../../../base/validation/issues-in.ts";
import { tellRecord } from "../../../locales/en/core.ts";
import { counted } from "../../../locales/en/words.ts";
import type { SourceUser } from "../../../reconcile/content/content.ts";
import type { GuardOptions, SyncOptions } from "../../types/options.ts";
import type { SourcePosition } from "../../types/records.ts";

/** A record of the source after `map`. */
export interface MappedRecord extends SourcePosition {
  /** The result of {@link SyncOptions.key}. */
  readonly key: string | undefined;
  /** Undefined if `map` left the record out. */
  readonly user: SourceUser | undefined;
  /** The result of {@link GuardOptions.segments}. */
  readonly segment: string | undefined;
  readonly source: unknown;
  /** The error of `map`, instead of a user. */
  readonly failure: MapFailure | undefined;
}

interface MapFailure {
  readonly issues: readonly OpleadIssue[];
  readonly error: unknown;
}

export type MapOptions<SourceRecord> = Pick<SyncOptions<SourceRecord>, "map" | "key" | "rowOf"> &
  Pick<GuardOptions, "segments">;

/** Maps one record. Gives a promise only if `map` does, because most sources need none and promises cost time. */
export function mapRecord<SourceRecord>(
  options: MapOptions<SourceRecord>,
  record: number,
  source: SourceRecord,
): MappedRecord | Promise<MappedRecord> {
  const row = attempt(options.rowOf, source);
  // An empty cell is no key: rows without one are not duplicates of each other.
  const key = attempt(options.key, source) || undefined;
  const mapped = (user: SourceUser | null | undefined): MappedRecord => {
    const segment = segmentOf(user, options.segments);
    return { record, row, key, source, user: user ?? undefined, segment, failure: undefined };
  };
  const failed = (error: unknown): MappedRecord => {
    return {
      record,
      row,
      key,
      source,
      user: undefined,
      segment: undefined,
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

/** An error of the function counts as one of `map`: without its segment a user would be judged with others. */
function segmentOf(user: SourceUser | null | undefined, segments: GuardOptions["segments"]): string | undefined {
  if (!segments || !isObject(user?.user)) return undefined;
  const segment: unknown = segments(user.user, user.rules ?? {}) ?? undefined;
  if (segment !== undefined && typeof segment !== "string") throw new TypeError("guard.segments gave no text");
  return segment || undefined;
}

/** Calls a function of the caller's. If it throws, the record has no key or row; `map` will say what is wrong with it. */
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

/** The issues of this package's own builders as they are, and the paths of a validator's; of any other error its name and where it was thrown. */
function issuesOf(error: unknown): OpleadIssue[] {
  if (isOpleadError(error) && error.issues && error.issues.length > 0) return [...error.issues];
  return (
    issuesIn(error, false) ?? [issueAt("", tellRecord("map_failed", { error: nameOf(error), at: positionOf(error) }))]
  );
}

/** Failures beyond these are only counted: a mistake in `map` often concerns every record. */
const LINES = 10;

/** Logs the errors of `map`: the first ones with message and position. */
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
    // People count from 1.
    const where = `record ${record + 1}${row === undefined ? "" : ` (row ${row})`}`;
    this.#logger?.warn(`oplead-sdk: ${where}: ${mapFailureText(failure)}`, { event: "map_failed", record, row });
  }

  end(): void {
    const more = this.#failures - LINES;
    if (more <= 0) return;
    this.#logger?.warn(`oplead-sdk: map threw for ${counted(more, "more record")}`, { event: "map_failed", more });
  }
}

/** The line for the log: unlike an issue it has the error's own message. */
export function mapFailureText({ error }: MapFailure): string {
  const where = positionOf(error);
  const message = error instanceof Error ? error.message : "";
  return `map threw ${nameOf(error)}${message === "" ? "" : `: ${message}`}${where === undefined ? "" : ` (at ${where})`}`;
}

/** The name of an error's class, or the kind of what was thrown. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : `a ${typeof error}`;
}

/**
 * File, line and column of the top stack frame, without the folders above the file. For an error of this package, such as that
 * of a rule's builder: of the first frame outside of the package.
 */
export function positionOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== "string") return undefined;
  // The stack begins with the message, which may be anything.
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
