import type { OpleadIssue } from "../../core/issues.ts";
import type { MappedRecord } from "../types/options.ts";
import type { SyncWarning } from "../types/records.ts";

/**
 * A `map` that is data: `columns(…)` of `oplead-sdk/config`. It knows from which columns of a table it makes a user.
 */
export interface Mapping {
  /** The columns by the path of the field that they fill, for messages. */
  readonly columns: Readonly<Record<string, string>>;
  /** The account number of a record. */
  key(record: unknown): string | undefined;
  /** Begins to read a source. What is counted belongs to this reading. */
  open(): MappingReading;
  /** Whether it repairs, or decides, what a source suspects of a column. */
  answers(issue: OpleadIssue): boolean;
}

/** One reading of a source by a {@link Mapping}. */
export interface MappingReading {
  map(record: unknown): MappedRecord;
  /**
   * Looks at the columns of the first record.
   *
   * @throws {@link OpleadError} `source_failed` if the table lacks a column of the mapping.
   */
  begin(record: unknown): void;
  /** The rows that were left out and the values that were repaired so far. */
  warnings(): SyncWarning[];
  /** The use of each field, in words for people. */
  explain(): MappingFacts;
}

/** The use that a {@link Mapping} makes of the columns of a table. */
export interface MappingFacts {
  readonly fields: readonly FieldFacts[];
  /** The columns that no field takes. */
  readonly unused: readonly string[];
}

/** Where a field comes from. */
export interface FieldFacts {
  readonly field: string;
  /** Undefined for a function and for a value that is always the same. */
  readonly column: string | undefined;
  readonly by: FieldKind;
  /** The first value that was read. Only of kinds that hold no personal data. */
  readonly example: { readonly from: string; readonly to: string } | undefined;
}

/** How a field is made of its column. */
export type FieldKind =
  | "column"
  | "function"
  | "always"
  | "prefix"
  | "values"
  | "postcode"
  | "country"
  | "kilometres"
  | "counties"
  | "codes"
  | "notPerson";

/**
 * By a symbol that every copy of the package has: the config may have been loaded with another one than the command.
 */
const MAPPING = Symbol.for("oplead-sdk.config.mapping");

export function withMapping<Map extends object>(map: Map, mapping: Mapping): Map {
  return Object.defineProperty(map, MAPPING, { value: mapping });
}

/** The mapping of a `map` that is data; undefined for a function of the caller's. */
export function mappingOf(map: unknown): Mapping | undefined {
  return typeof map === "function" ? (map as { readonly [MAPPING]?: Mapping })[MAPPING] : undefined;
}
