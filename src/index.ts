export type { OpleadErrorDetails, OpleadFailure, RequestFacts, RulesFailure } from "./base/errors.ts";
export { isOpleadError, OpleadError } from "./base/errors.ts";
export type { IssueCode, IssueOf, IssueParameters, OpleadIssue } from "./base/issues.ts";
export type { LogEvent, LogFields, OpleadLogger } from "./base/observe.ts";
export type { OpleadErrorCode } from "./base/oplead-error-code.ts";
export type { Outcome } from "./base/outcomes.ts";
export { type FieldsFirstLogger, pinoLogger } from "./base/pino-logger.ts";
export type { StandardSchema } from "./base/validation/standard-schema.ts";
export type { Oplead, ReferenceOptions, RulesResult, UpsertOptions, UpsertResult, WriteResult } from "./client/api.ts";
export { createOplead } from "./client/oplead.ts";
export type {
  BodyForm,
  BodyShape,
  Fact,
  FactEvidence,
  FactGap,
  FactName,
  FactValues,
  PlatformFacts,
} from "./facts.ts";
export type {
  AttemptEvent,
  CallEvent,
  HookEnd,
  HookEvent,
  OpleadHooks,
  RunEvent,
  UserEvent,
} from "./hooks.ts";
export type {
  AuthScheme,
  CallOptions,
  ClientRate,
  FetchAnswer,
  FetchInit,
  FetchLike,
  OpleadOptions,
  RateLimitOptions,
  RetryOptions,
  SharedRate,
  SharedRateRequest,
  SharedRefusal,
  SharedTurn,
  WithOptions,
} from "./options.ts";
export type { Country, CountryDetails, County, UserProfile } from "./reference-types.ts";
export type { RuleFinding, RuleReference } from "./rules/check.ts";
export { checkRules } from "./rules/check.ts";
export type { Code, ContactProfileCode, RangeCode, RequestTypeCode } from "./rules/codes.ts";
export { code } from "./rules/codes.ts";
export type {
  CompetencesInput,
  CompetencesRule,
  PairCompetence,
  RangeCompetence,
} from "./rules/competences.ts";
export { competences } from "./rules/competences.ts";
export type {
  ContactProfile,
  ContactProfilesInput,
  ContactProfilesRule,
} from "./rules/contact-profiles.ts";
export { contactProfiles } from "./rules/contact-profiles.ts";
export type { ZipsByCounty } from "./rules/from-zips.ts";
export { geographicalFromZips } from "./rules/from-zips.ts";
export type {
  GeographicalBuilder,
  GeographicalInput,
  GeographicalRule,
  HandledCountry,
  HandledCounty,
} from "./rules/geographical.ts";
export { geographical } from "./rules/geographical.ts";
export type { MaxDistanceInput, MaxDistanceRule } from "./rules/max-distance.ts";
export { maxDistance } from "./rules/max-distance.ts";
export type { ProfileType, ProfileTypesInput, ProfileTypesRule } from "./rules/profile-types.ts";
export { profileTypes } from "./rules/profile-types.ts";
export type { ClearableRuleFactory, Rule } from "./rules/rule.ts";
export { type RuleSchemas, ruleSchemas } from "./rules/rule-schemas.ts";
export type { RuleName, UserRules } from "./rules/rules.ts";
export type { CustomFields, UserAddress, UserInput } from "./user/user.ts";
export { userSchema } from "./user/user.ts";
export { version } from "./version.ts";
