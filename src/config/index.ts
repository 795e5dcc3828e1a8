export { notifiers } from "../notify/notifiers.ts";
export type {
  AlertEmail,
  AlertFailure,
  AlertMessage,
  AlertProblem,
  AlertReason,
  AlertTarget,
  Notify,
  NotifyOptions,
  NotifySettings,
} from "../notify/options.ts";
export { type Cell, cell } from "./cells.ts";
export { type Columns, columns, type Field } from "./columns.ts";
export {
  type ConfigTarget,
  type CoverageSettings,
  defineConfig,
  env,
  type FakeSettings,
  type OpleadConfig,
  type ProbeSettings,
  type TriggerSettings,
} from "./config.ts";
export { type ClientCredentials, clientCredentials } from "./sources/client-credentials.ts";
export { concatSources } from "./sources/concat.ts";
export { type CsvOptions, csvSource } from "./sources/csv.ts";
export type { TextEncoding } from "./sources/decode.ts";
export { type ExcelOptions, excelSource } from "./sources/excel.ts";
export type { FetchJsonOptions, JsonPart, JsonPlace } from "./sources/fetch-json.ts";
export type { NewestFile, SourceFile } from "./sources/file.ts";
export type { RecordOf } from "./sources/join.ts";
export { type ColumnOf, type JoinedRecord, type JoinOptions, joinSources } from "./sources/join.ts";
export { type JsonOptions, jsonSource } from "./sources/json.ts";
export { type NextPage, type RestOptions, restSource } from "./sources/rest.ts";
export type { MadeUser, RecordSource, SourceFacts } from "./sources/source.ts";
export { sourceOfFile } from "./sources/source-of-file.ts";
export type { CsvRow, TableOptions } from "./sources/table.ts";
