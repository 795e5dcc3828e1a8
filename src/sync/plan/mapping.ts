import type { OpleadIssue } from "../../core/issues.ts";
import type { SyncWarning } from "../types/messages.ts";
import type { MappedRecord } from "../types/options.ts";

/**
 * A `map` that is data: `columns(…)` of `oplead-sdk/config`. It knows from which columns of a table it makes a user.
 */
export interface Mapping {
  /** The columns, indexed by the path of the field that they fill. Used in messages. */
  readonly columns: Readonly<Record<string, string>>;
  /** The codes that a field can have; empty if they are not known. */
  codesOf(path: string): readonly string[];
  /** The account number of a record. */
  readonly key: (record: unknown) => string | undefined;
  /** Begins to read a source. The returned object counts only what happens in this reading. */
  open(): MappingReading;
  /**
   * The columns that no field took in the newest reading. Empty if a field is a function, because it may read any
   * column.
   */
  unused(): readonly string[];
  /** Whether the mapping repairs the problem that a source suspects in a column, or says how to treat it. */
  answers(issue: OpleadIssue): boolean;
}

/** One reading of a source by a {@link Mapping}. */
export interface MappingReading {
  map(record: unknown): MappedRecord;
  /**
   * Checks that the columns of the mapping exist, in the first record.
   *
   * @throws {@link OpleadError} `source_failed` if the table lacks a column of the mapping.
   */
  begin(record: unknown): void;
  /** The rows that were left out and the values that were repaired so far. */
  warnings(): SyncWarning[];
  /** How each field is filled, in words for people. */
  explain(): MappingFacts;
}

/** How a {@link Mapping} uses the columns of a table. */
export interface MappingFacts {
  readonly fields: readonly FieldFacts[];
  /** The columns that are not used for any field. */
  readonly unused: readonly string[];
}

/** How one field is filled. */
export interface FieldFacts {
  readonly field: string;
  /** Undefined if a function fills the field, or if the value is always the same. */
  readonly column: string | undefined;
  readonly by: FieldKind;
  /** The first value that was read. Given only for kinds of fields that hold no personal data. */
  readonly example: { readonly from: string; readonly to: string } | undefined;
}

/** The ways in which a column fills a field. */
export type FieldKind =
  | "column"
  | "function"
  | "always"
  | "prefix"
  | "values"
  | "postcode"
  | "phone"
  | "country"
  | "kilometres"
  | "counties"
  | "codes"
  | "notPerson";

/**
 * `Symbol.for` gives the same symbol in every copy of the package: the config may have loaded a second copy of the
 * package, beside the copy that runs the command.
 */
const MAPPING = Symbol.for("oplead-sdk.config.mapping");

export function withMapping<Map extends object>(map: Map, mapping: Mapping): Map {
  return Object.defineProperty(map, MAPPING, { value: mapping });
}

/** The mapping of a `map` that is data; undefined if the caller's `map` is a function. */
export function mappingOf(map: unknown): Mapping | undefined {
  return typeof map === "function" ? (map as { readonly [MAPPING]?: Mapping })[MAPPING] : undefined;
}
