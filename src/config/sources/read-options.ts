import { at } from "../../base/issues.ts";
import { isPlainHttp } from "../../base/loopback.ts";
import { codedBy } from "../../base/texts/coded.ts";
import { CONFIG } from "../../base/texts/en/config.ts";
import { OPTIONS } from "../../base/texts/en/options.ts";
import { VALUES } from "../../base/texts/en/values.ts";
import { isIterable, isRecord } from "../../base/validation/is-object.ts";
import {
  boolean,
  func,
  listOf,
  MAX_TIMER_MS,
  number,
  oneOf,
  options,
  optionsCheck,
  requireNoIssues,
  type Schema,
  text,
  unless,
  valueThat,
  valueWithout,
  wholeNumber,
} from "../../base/validation/validate.ts";
import { variableIssues } from "../env.ts";
import type { FetchJsonOptions } from "./http/fetch-json.ts";

const wrong = /* @__PURE__ */ codedBy({ ...VALUES, ...OPTIONS, ...CONFIG });

import { issue } from "./source.ts";

const isFunction = (value: unknown): boolean => typeof value === "function";
const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

const isHeaders = (value: unknown): boolean =>
  isRecord(value) && Object.values(value).every((header) => typeof header === "string");

const place = (): Schema => unless(isFunction, valueThat(isText, wrong("not_place")));

const fetchFields = (): Record<string, Schema> => ({
  headers: unless(isFunction, valueThat(isHeaders, wrong("not_headers"))),
  timeoutMs: number(1, MAX_TIMER_MS),
  fetch: func(),
  allowHttp: boolean(),
  auth: func(),
});

const tableFields = (): Record<string, Schema> => ({
  columns: unless((value) => Array.isArray(value) && value.length === 0, listOf(text(), wrong("not_list"))),
  headerRow: wholeNumber(1, 1_048_576),
  minAgeMs: number(0, MAX_TIMER_MS),
});

export const checkExcelOptions = optionsCheck<object>("excelSource", () =>
  options({ ...tableFields(), sheet: text() }),
);

export const checkCsvOptions = optionsCheck<object>("csvSource", () =>
  options({
    ...tableFields(),
    delimiter: valueWithout((value) =>
      typeof value !== "string" ? wrong("not_text") : value === "" ? wrong("empty") : undefined,
    ),
    finalNewline: oneOf("required", "warn", "optional"),
    encoding: oneOf("utf-8", "utf-16le", "utf-16be", "windows-1252"),
  }),
);

export const checkJsonOptions = optionsCheck<object>("jsonSource", () => options({ ...fetchFields(), items: place() }));

const checkRestFields = optionsCheck<object>("restSource", () =>
  options(
    { ...fetchFields(), items: place(), next: place(), total: place() },
    { url: valueThat(isAddress, wrong("not_http_address")) },
  ),
);

export function checkRestOptions(given: FetchJsonOptions & { readonly url: string }): void {
  checkRestFields(given);
  const { url, headers, auth, allowHttp } = given;
  if ((headers === undefined && auth === undefined) || allowHttp === true || !URL.canParse(url) || !isPlainHttp(url))
    return;
  requireNoIssues("restSource: wrong options", [at("url", wrong("plain_http"))]);
}

const checkCredentialFields = optionsCheck<object>("clientCredentials", () => {
  const { timeoutMs, fetch, allowHttp } = fetchFields() as Record<"timeoutMs" | "fetch" | "allowHttp", Schema>;
  const isParameters = valueThat(isHeaders, wrong("not_headers"));
  const secret = valueThat(isText, wrong("not_text"));
  return options(
    { scope: secret, parameters: isParameters, send: oneOf("body", "basic"), timeoutMs, fetch, allowHttp },
    { tokenUrl: valueThat(isAddress, wrong("not_http_address")), clientId: secret, clientSecret: secret },
  );
});

export function checkCredentials(given: { readonly tokenUrl: string; readonly allowHttp?: boolean | undefined }): void {
  checkCredentialFields(given);
  const { tokenUrl, allowHttp } = given;
  if (allowHttp === true || !URL.canParse(tokenUrl) || !isPlainHttp(tokenUrl)) return;
  requireNoIssues("clientCredentials: wrong options", [at("tokenUrl", wrong("plain_http"))]);
}

const isSource = (value: unknown): boolean => isFunction(value) || isIterable(value);

export function checkSources(where: string, sources: readonly unknown[]): void {
  const wrongOnes = sources.flatMap((source, at) =>
    isSource(source) ? [] : [issue(`sources[${at}]`, "not_one_source")],
  );
  requireNoIssues(where, sources.length === 0 ? [issue("sources", "not_one_source")] : wrongOnes);
}

const isColumns = (value: unknown): boolean =>
  isText(value) || (Array.isArray(value) && value.length === 2 && value.every(isText));

export const checkJoinOptions = optionsCheck<object>("joinSources", () => {
  const source = valueThat(isSource, wrong("not_one_source"));
  const required = {
    main: source,
    with: source,
    on: valueThat(isColumns, wrong("not_columns")),
    as: valueThat(isText, wrong("not_text")),
  };
  return options({ unmatched: oneOf("keep", "report"), allowEmpty: boolean() }, required);
});

export function checkPath(where: string, name: string, value: unknown): void {
  if (!isText(value) && !(value instanceof URL)) requireNoIssues(where, [issue(name, "not_path")]);
}

const newestFields = (where: string) =>
  optionsCheck<object>(where, () =>
    options(
      { maxAgeHours: number(0.01, 1_000_000) },
      { newest: valueThat((value) => isText(value) && !/[*?].*[\\/]/.test(value), wrong("not_pattern")) },
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
