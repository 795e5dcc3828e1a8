import type { OpleadIssue } from "../../core/issues.ts";
import type { SyncWarning } from "../types/messages.ts";
import type { MappedRecord } from "../types/options.ts";

// A `map` that is data: `columns(…)` of `oplead-sdk/config`.
export interface Mapping {
  // Columns by path.
  readonly columns: Readonly<Record<string, string>>;
  codesOf(path: string): readonly string[];
  readonly key: (record: unknown) => string | undefined;
  open(): Promise<MappingReading>;
  // Unused columns. Empty if a field is a function, which may read any column.
  unused(): readonly string[];
  // Whether the mapping repairs what a source suspects in a column, or says how to treat it.
  answers(issue: OpleadIssue): boolean;
}

export interface MappingReading {
  map(record: unknown): MappedRecord;
  // Throws `source_failed` for a missing column.
  begin(record: unknown): void;
  warnings(): SyncWarning[];
  explain(): MappingFacts;
}

export interface MappingFacts {
  readonly fields: readonly FieldFacts[];
  readonly unused: readonly string[];
}

export interface FieldFacts {
  readonly field: string;
  readonly column: string | undefined;
  readonly by: FieldKind;
  // Example of a value, only for kinds without personal data.
  readonly example: { readonly from: string; readonly to: string } | undefined;
}

export type FieldKind =
  | "column"
  | "function"
  | "always"
  | "prefix"
  | "values"
  | "postcode"
  | "phone"
  | "e164"
  | "country"
  | "kilometres"
  | "date"
  | "counties"
  | "codes"
  | "notPerson";

// Uses `Symbol.for`, because the config may have loaded a second copy of the package.
const MAPPING = Symbol.for("oplead-sdk.config.mapping");

export function withMapping<Map extends object>(map: Map, mapping: Mapping): Map {
  return Object.defineProperty(map, MAPPING, { value: mapping });
}

export function mappingOf(map: unknown): Mapping | undefined {
  return typeof map === "function" ? (map as { readonly [MAPPING]?: Mapping })[MAPPING] : undefined;
}
