export { notifiers, sendSamples } from "../notify/notifiers.ts";
export type {
  AlertEmail,
  AlertMessage,
  AlertProblem,
  AlertReason,
  AlertTarget,
  Notify,
  NotifyOptions,
  NotifySettings,
} from "../notify/options.ts";
export { RecordError, type RecordErrorOptions } from "../sync/record-error.ts";
export type { SourceRequest, SuspectedRecord } from "../sync/types/source.ts";
export {
  type ConfigTarget,
  type CoverageSettings,
  defineConfig,
  type FakeSettings,
  type OpleadConfig,
  type ProbeSettings,
  type TriggerSettings,
} from "./config.ts";
export { env } from "./env.ts";
export type { ConfigPart } from "./load/check.ts";
export { type LoadedConfig, type LoadOptions, loadConfig } from "./load/load-config.ts";
export type { UserColumn } from "./recognise/fields.ts";
export { type RecognisedColumn, type RecognisedTable, recogniseTable } from "./recognise/recognise.ts";
export { concatSources } from "./sources/combine/concat.ts";
export { type ColumnOf, type JoinedRecord, type JoinOptions, joinSources } from "./sources/combine/join.ts";
export type { RecordOf } from "./sources/combine/parts.ts";
export type { MadeUser } from "./sources/field-columns.ts";
export type { SourceFile } from "./sources/files/file.ts";
export type { NewestFile } from "./sources/files/newest.ts";
export { sourceOfFile } from "./sources/files/source-of-file.ts";
export { type ClientCredentials, clientCredentials } from "./sources/http/client-credentials.ts";
export type { FetchJsonOptions } from "./sources/http/fetch-json.ts";
export { type JsonOptions, jsonSource } from "./sources/http/json.ts";
export { type NextPage, type RestOptions, restSource } from "./sources/http/rest.ts";
export type { JsonPart, Place } from "./sources/place.ts";
export type { RecordSource, SourceFacts } from "./sources/source.ts";
export { type CsvOptions, csvSource } from "./sources/tables/csv.ts";
export type { TextEncoding } from "./sources/tables/decode.ts";
export { type ExcelOptions, excelSource } from "./sources/tables/excel.ts";
export type { CsvRow, TableOptions } from "./sources/tables/table.ts";
