import { issueAt } from "../../base/issues.ts";
import { isPlainHttp } from "../../base/loopback.ts";
import { isIterable, isRecord } from "../../base/validation/is-object.ts";
import * as check from "../../base/validation/validate.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { tellOption, tellValue } from "../../locales/en/core.ts";
import { variableIssues } from "../env.ts";
import type { FetchJsonOptions } from "./http/fetch-json.ts";

const isFunction = (value: unknown): boolean => typeof value === "function";
const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

const isHeaders = (value: unknown): boolean =>
  isRecord(value) && Object.values(value).every((header) => typeof header === "string");

const place = (): check.Schema => check.unless(isFunction, check.valueThat(isText, tellConfig("not_place")));

const encoding = (): check.Schema => check.oneOf("utf-8", "utf-16le", "utf-16be", "windows-1252");

const fetchFields = (): Record<string, check.Schema> => ({
  headers: check.unless(isFunction, check.valueThat(isHeaders, tellOption("not_headers"))),
  timeoutMs: check.number(1, check.MAX_TIMER_MS),
  fetch: check.func(),
  allowHttp: check.boolean(),
  auth: check.func(),
  encoding: encoding(),
});

const tableFields = (): Record<string, check.Schema> => ({
  columns: check.unless(
    (value) => Array.isArray(value) && value.length === 0,
    check.listOf(check.text(), tellValue("not_list")),
  ),
  headerRow: check.wholeNumber(1, 1_048_576),
  minAgeMs: check.number(0, check.MAX_TIMER_MS),
});

export const checkExcelOptions = check.optionsCheck<object>("excelSource", () =>
  check.options({ ...tableFields(), sheet: check.text() }),
);

export const checkCsvOptions = check.optionsCheck<object>("csvSource", () =>
  check.options({
    ...tableFields(),
    delimiter: check.valueWithout((value) =>
      typeof value !== "string" ? tellValue("not_text") : value === "" ? tellValue("empty") : undefined,
    ),
    finalNewline: check.oneOf("required", "warn", "optional"),
    encoding: encoding(),
  }),
);

export const checkJsonOptions = check.optionsCheck<object>("jsonSource", () =>
  check.options({ ...fetchFields(), items: place() }),
);

const checkRestFields = check.optionsCheck<object>("restSource", () =>
  check.options(
    { ...fetchFields(), items: place(), next: place(), total: place() },
    { url: check.valueThat(isAddress, tellConfig("not_http_address")) },
  ),
);

export function checkRestOptions(given: FetchJsonOptions & { readonly url: string }): void {
  checkRestFields(given);
  const { url, headers, auth, allowHttp } = given;
  if ((headers === undefined && auth === undefined) || allowHttp === true || !URL.canParse(url) || !isPlainHttp(url))
    return;
  check.requireNoIssues("restSource: wrong options", [issueAt("url", tellOption("plain_http"))]);
}

const checkCredentialFields = check.optionsCheck<object>("clientCredentials", () => {
  const { timeoutMs, fetch, allowHttp } = fetchFields() as Record<"timeoutMs" | "fetch" | "allowHttp", check.Schema>;
  const isParameters = check.valueThat(isHeaders, tellOption("not_headers"));
  const secret = check.valueThat(isText, tellValue("not_text"));
  return check.options(
    { scope: secret, parameters: isParameters, send: check.oneOf("body", "basic"), timeoutMs, fetch, allowHttp },
    { tokenUrl: check.valueThat(isAddress, tellConfig("not_http_address")), clientId: secret, clientSecret: secret },
  );
});

export function checkCredentials(given: { readonly tokenUrl: string; readonly allowHttp?: boolean | undefined }): void {
  checkCredentialFields(given);
  const { tokenUrl, allowHttp } = given;
  if (allowHttp === true || !URL.canParse(tokenUrl) || !isPlainHttp(tokenUrl)) return;
  check.requireNoIssues("clientCredentials: wrong options", [issueAt("tokenUrl", tellOption("plain_http"))]);
}

const isSource = (value: unknown): boolean => isFunction(value) || isIterable(value);

export function checkSources(where: string, sources: readonly unknown[]): void {
  const wrongOnes = sources.flatMap((source, at) =>
    isSource(source) ? [] : [issueAt(`sources[${at}]`, tellConfig("not_one_source"))],
  );
  check.requireNoIssues(where, sources.length === 0 ? [issueAt("sources", tellConfig("not_one_source"))] : wrongOnes);
}

const isColumns = (value: unknown): boolean =>
  isText(value) || (Array.isArray(value) && value.length === 2 && value.every(isText));

export const checkJoinOptions = check.optionsCheck<object>("joinSources", () => {
  const source = check.valueThat(isSource, tellConfig("not_one_source"));
  const required = {
    main: source,
    with: source,
    on: check.valueThat(isColumns, tellConfig("not_columns")),
    as: check.valueThat(isText, tellValue("not_text")),
  };
  return check.options({ unmatched: check.oneOf("keep", "report"), allowEmpty: check.boolean() }, required);
});

export function checkPath(where: string, name: string, value: unknown): void {
  if (!isText(value) && !(value instanceof URL)) check.requireNoIssues(where, [issueAt(name, tellConfig("not_path"))]);
}

const newestFields = (where: string) =>
  check.optionsCheck<object>(where, () =>
    check.options(
      { maxAgeHours: check.number(0.01, 1_000_000) },
      { newest: check.valueThat((value) => isText(value) && !/[*?].*[\\/]/.test(value), tellConfig("not_pattern")) },
    ),
  );

export function checkFile(where: string, file: unknown): void {
  if (isRecord(file) && "newest" in file) newestFields(where)(file);
  else checkPath(where, "file", file);
}

/** An address, or a text of a config that is being loaded and names a variable which is not set: that is told later. */
function isAddress(value: unknown): boolean {
  if (!isText(value)) return false;
  return variableIssues("", value).length > 0 || (/^https?:/i.test(value) && URL.canParse(value));
}
