export type { OpleadErrorCode, OpleadErrorDetails, OpleadIssue, RulesFailure } from "./errors.ts";
export { isOpleadError, OpleadError } from "./errors.ts";
export type { Oplead, ReferenceOptions, UpsertOptions, UpsertResult, WriteResult } from "./oplead.ts";
export { createOplead } from "./oplead.ts";
export type {
  AuthScheme,
  CallOptions,
  OpleadHooks,
  OpleadLogger,
  OpleadOptions,
  RateLimitOptions,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  RetryOptions,
  TokenSource,
} from "./options.ts";
export type { Country, CountryDetails, County, UserProfile } from "./reference/types.ts";
export type { RulesResult } from "./set-rules.ts";
export type { FetchLike } from "./transport/send-fetch.ts";
export type { StandardSchema, StandardSchemaResult } from "./user/schema.ts";
export { userSchema } from "./user/schema.ts";
export type { UserAddress, UserInput } from "./user/user.ts";
export { version } from "./version.ts";
