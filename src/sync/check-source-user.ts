import * as z from "zod/mini";
import type { OpleadIssue } from "../base/issues.ts";
import { argumentsCheck, boolean, options, optionsCheck, record, says, text } from "../base/validation/validate.ts";
import { tellValue } from "../locales/en/core.ts";
import { readContent, type SourceUser } from "../reconcile/content/content.ts";
import { findUserIssues } from "../user/user.ts";
import type { CheckSourceUserOptions } from "./types/options.ts";

/**
 * Every problem for which a run would call the record of this user invalid, with its path; none if it can be sent. Sends nothing, and knows neither
 * the other records nor the platform. For a test of `map`.
 *
 * ```ts
 * checkSourceUser(toUser(row)).map(({ path, message }) => `${path} ${message}`);
 * ```
 *
 * @throws {@link OpleadError} `invalid_options`; `invalid_input` if it is no object.
 */
export function checkSourceUser(source: SourceUser, options: CheckSourceUserOptions = {}): readonly OpleadIssue[] {
  checkArguments({ source });
  checkOptions(options);
  const content = readContent(source, options);
  return "userHash" in content ? findUserIssues(content.user, options) : content;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("checkSourceUser", () => ({ source: record() }));

const checkOptions = /* @__PURE__ */ optionsCheck<CheckSourceUserOptions>("checkSourceUser", () =>
  options({ numericAccountNumbers: boolean(), customFields: z.array(text(), says(tellValue("not_list"))) }),
);
