import type { IssueCode, IssueParameters, OpleadIssue } from "./issues.ts";
import { CONFIG_FR } from "./texts/fr/config.ts";
import { OPTIONS_FR } from "./texts/fr/options.ts";
import { RECORDS_FR } from "./texts/fr/records.ts";
import { USER_FR } from "./texts/fr/user.ts";
import { VALUES_FR } from "./texts/fr/values.ts";

/** Each issue in French. Imported where a language is chosen, and nowhere else: bundles without reports have none of it. */
const ISSUES_FR: { readonly [Code in IssueCode]: (parameters: IssueParameters[Code]) => string } = {
  ...VALUES_FR,
  ...USER_FR,
  ...OPTIONS_FR,
  ...CONFIG_FR,
  ...RECORDS_FR,
};

/** The message of an issue in French. One of another version, or of your own code, may have a code that is not known. */
export function inFrench({ code, parameters, message }: OpleadIssue): string {
  const text = code === undefined || !Object.hasOwn(ISSUES_FR, code) ? undefined : ISSUES_FR[code];
  // The parameters of an issue are those of its code.
  return text?.(parameters as never) ?? message;
}
