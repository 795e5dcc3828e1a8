export type { Oplead, UpsertOptions, WriteResult } from "./client/api.ts";
export { createOplead } from "./client/oplead.ts";
export type {
  FailedStep,
  OpleadFailure,
  SentResult,
  UserResult,
} from "./core/errors.ts";
export { isOpleadError, OpleadError } from "./core/errors.ts";
export type { OpleadField } from "./core/fields.ts";
export type { OpleadIssue } from "./core/issues.ts";
export type { LogEvent, LogFields, OpleadLogger } from "./core/log.ts";
export { pinoLogger } from "./core/log.ts";
export type { OpleadErrorCode } from "./core/names.ts";
export type { Outcome } from "./core/outcomes.ts";
export { version } from "./core/run-time.ts";
export type { StandardSchema } from "./core/validate.ts";
export type { Coded } from "./locales/coded.ts";
export type { IssueParameters } from "./locales/issue-texts.ts";
export { checkRules } from "./rules/check.ts";
export type { Code, CodeText } from "./rules/codes.ts";
export { code } from "./rules/codes.ts";
export { competences } from "./rules/competences.ts";
export { contactProfiles } from "./rules/contact-profiles.ts";
export type { Country, CountryDetails, UserProfile } from "./rules/countries.ts";
export { type GeographicalBuilder, geographical, geographicalFromZips } from "./rules/geographical.ts";
export { maxDistance } from "./rules/max-distance.ts";
export { profileTypes } from "./rules/profile-types.ts";
export type { Rule } from "./rules/rule.ts";
export type { UserRules } from "./rules/rules.ts";
export { ruleSchemas, userRulesSchema } from "./rules/rules.ts";
export type { RuleBodies, RuleName, SyncStep } from "./rules/types.ts";
export type {
  CallOptions,
  ClientRate,
  FetchLike,
  HookEnd,
  HookEvent,
  OpleadHooks,
  OpleadOptions,
  Platform,
  RateLimitOptions,
  RetryOptions,
  SharedRate,
} from "./transport/options.ts";
export type { CustomFields, UserAddress, UserFields, UserInput } from "./user/user.ts";
export { userSchema } from "./user/user.ts";
