import { readFile } from "node:fs/promises";
import { errorCode, mayPass } from "../../base/error-code.ts";
import { asError, invalid, OpleadError } from "../../base/errors.ts";
import type { OpleadIssue } from "../../base/issues.ts";
import { variableIssues } from "../env.ts";

/** A source that `planSync` can read, and that can say more about its records. Reading it again starts anew. */
export interface RecordSource<SourceRecord> {
  (): AsyncIterable<SourceRecord>;
  /** Its name in messages: that of the file, or the address without its query. */
  readonly title: string;
  /** The row of a record as a spreadsheet counts, the header being row 1. None for sources without rows. */
  rowOf(record: SourceRecord): number | undefined;
  /**
   * Damage that the last reading suspects and that stopped nothing, each with the column as its path. Holds no personal data.
   */
  warnings(): readonly OpleadIssue[];
}

/** The parts of a source. */
interface SourceParts<SourceRecord> {
  readonly title: string;
  /** Texts of the configuration: none may name an environment variable that is not set. */
  readonly settings: readonly (string | undefined)[];
  readonly read: (warn: (warning: OpleadIssue) => void) => AsyncIterable<SourceRecord>;
  readonly rowOf?: (record: SourceRecord) => number | undefined;
}

/** Marks a source of this file, so that the loader can look for missing variables in it. */
const SETTINGS = Symbol.for("oplead-sdk.config.settings");

export function recordSource<SourceRecord>(parts: SourceParts<SourceRecord>): RecordSource<SourceRecord> {
  let found: OpleadIssue[] = [];
  const read = (): AsyncIterable<SourceRecord> => {
    const missing = variableIssues("source", parts.settings.join(" "));
    if (missing.length > 0) throw invalid("invalid_options", parts.title, missing);
    found = [];
    return parts.read((warning) => found.push(warning));
  };
  return Object.assign(read, {
    title: parts.title,
    rowOf: parts.rowOf ?? (() => undefined),
    warnings: () => found,
    [SETTINGS]: parts.settings,
  });
}

/** The texts a source was made with; none for anything else. */
export function settingsOf(source: unknown): readonly (string | undefined)[] {
  const settings = typeof source === "function" ? (source as { [SETTINGS]?: unknown })[SETTINGS] : undefined;
  return Array.isArray(settings) ? settings : [];
}

/** A source that cannot be read. The message must not quote its records. */
export function sourceFailed(title: string, what: string, retryable = false, cause?: unknown): OpleadError {
  return new OpleadError("source_failed", `${title}: ${what}`, { retryable, cause: cause && asError(cause) });
}

const FILE_PROBLEMS: { readonly [code: string]: string } = {
  ENOENT: "the file does not exist",
  EISDIR: "is a folder, not a file",
  EACCES: "the file may not be read by this user",
  ERR_FS_FILE_TOO_LARGE: "the file is larger than 2 GiB, which is read as a whole: split it",
  EPERM: "the file may not be read by this user",
};

/** A file that the system cannot read. */
export function fileFailed(title: string, error: unknown): OpleadError {
  const code = errorCode(error) ?? "no code";
  return sourceFailed(title, FILE_PROBLEMS[code] ?? `the file cannot be read (${code})`, mayPass(error), error);
}

/** A file as a whole, so that one that is replaced meanwhile is not read half. */
export async function readWhole(path: string, title: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileFailed(title, error);
  }
}
