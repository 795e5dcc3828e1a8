export type { Oplead, ReferenceOptions, RulesResult, UpsertOptions, UpsertResult, WriteResult } from "./client/api.ts";
export { createOplead } from "./client/oplead.ts";
export type { OpleadErrorCode, OpleadErrorDetails, OpleadIssue, RulesFailure } from "./errors.ts";
export { isOpleadError, OpleadError } from "./errors.ts";
export type {
  AuthScheme,
  CallOptions,
  FetchLike,
  LogFields,
  OpleadHooks,
  OpleadLogger,
  OpleadOptions,
  RateLimitOptions,
  RequestEndEvent,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  RetryOptions,
  SharedRate,
  SharedRateRequest,
  SharedRefusal,
  SharedTurn,
  TokenSource,
} from "./options.ts";
export type { Country, CountryDetails, County, UserProfile } from "./reference-types.ts";
export type {
  Code,
  CompetencesFactory,
  CompetencesInput,
  CompetencesRule,
  ContactProfile,
  ContactProfileCode,
  ContactProfilesFactory,
  ContactProfilesInput,
  ContactProfilesRule,
  GeographicalBuilder,
  GeographicalFactory,
  GeographicalInput,
  GeographicalRule,
  HandledCountry,
  HandledCounty,
  MaxDistanceFactory,
  MaxDistanceInput,
  MaxDistanceRule,
  PairCompetence,
  ProfileType,
  ProfileTypesFactory,
  ProfileTypesInput,
  ProfileTypesRule,
  RangeCode,
  RangeCompetence,
  RequestTypeCode,
  Rule,
  RuleFinding,
  RuleName,
  RuleReference,
  UserRules,
  ZipsByCounty,
} from "./rules/index.ts";
export {
  checkRules,
  code,
  competences,
  contactProfiles,
  geographical,
  geographicalFromZips,
  maxDistance,
  profileTypes,
} from "./rules/index.ts";
export type { StandardSchema, StandardSchemaResult } from "./user/schema.ts";
export { userSchema } from "./user/schema.ts";
export type { UserAddress, UserInput } from "./user/user.ts";
export { version } from "./version.ts";
