export { notifiers, sendSamples } from "../notify/notifiers.ts";
export type {
  AlertConditions,
  AlertEmail,
  AlertFacts,
  AlertKind,
  AlertMessage,
  AlertProblem,
  AlertTarget,
  Notify,
  NotifyOptions,
  NotifySettings,
} from "../notify/options.ts";
export { RecordError, type RecordErrorOptions } from "../sync/record-error.ts";
export type { SourceRequest, SuspectedRecord } from "../sync/types/options.ts";
export {
  type ConfigTarget,
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
export { type ClientCredentials, clientCredentials } from "./sources/client-credentials.ts";
export { concatSources } from "./sources/concat.ts";
export { type CsvOptions, csvSource } from "./sources/csv.ts";
export type { TextEncoding } from "./sources/decode.ts";
export { type ExcelOptions, excelSource } from "./sources/excel.ts";
export type { AccessToken, FetchJsonOptions, RequestHeaders } from "./sources/fetch-json.ts";
export type { SourceFile } from "./sources/file.ts";
export { type ColumnOf, type JoinedRecord, type JoinOptions, joinSources } from "./sources/join.ts";
export { type JsonOptions, jsonSource } from "./sources/json.ts";
export type { NewestFile } from "./sources/newest.ts";
export type { RecordOf } from "./sources/parts.ts";
export type { JsonPart, Place } from "./sources/place.ts";
export { type NextPage, type RestOptions, restSource } from "./sources/rest.ts";
export type { RecordSource, SourceFacts } from "./sources/source.ts";
export type { CsvRow, TableOptions } from "./sources/table.ts";
