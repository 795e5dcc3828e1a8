export type { RuleFinding, RuleReference } from "./check.ts";
export { checkRules } from "./check.ts";
export type { Code, ContactProfileCode, RangeCode, RequestTypeCode } from "./codes.ts";
export { code } from "./codes.ts";
export type {
  CompetencesFactory,
  CompetencesInput,
  CompetencesRule,
  PairCompetence,
  RangeCompetence,
} from "./competences.ts";
export { competences } from "./competences.ts";
export type {
  ContactProfile,
  ContactProfilesFactory,
  ContactProfilesInput,
  ContactProfilesRule,
} from "./contact-profiles.ts";
export { contactProfiles } from "./contact-profiles.ts";
export type { ZipsByCounty } from "./from-zips.ts";
export { geographicalFromZips } from "./from-zips.ts";
export type {
  GeographicalBuilder,
  GeographicalFactory,
  GeographicalInput,
  GeographicalRule,
  HandledCountry,
  HandledCounty,
} from "./geographical.ts";
export { geographical } from "./geographical.ts";
export type { MaxDistanceFactory, MaxDistanceInput, MaxDistanceRule } from "./max-distance.ts";
export { maxDistance } from "./max-distance.ts";
export type { ProfileType, ProfileTypesFactory, ProfileTypesInput, ProfileTypesRule } from "./profile-types.ts";
export { profileTypes } from "./profile-types.ts";
export type { RuleName, RuleToSend, UserRules } from "./read.ts";
export { readRules } from "./read.ts";
export type { Rule } from "./rule.ts";
