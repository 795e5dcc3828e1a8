import type { LeadField, RuleName } from "../../rules/types.ts";

/** The rules, as people call them. */
export const RULE_LABELS = {
  geographical: () => "area",
  maxDistance: () => "radius",
  competences: () => "competences",
  contactProfiles: () => "contact profiles",
  profileTypes: () => "profile types",
} satisfies Record<RuleName, () => string>;

/** The words that messages use for the codes of a lead that rules ask for. */
export const LEAD_LABELS = {
  range: () => "range",
  requestType: () => "request type",
  contactProfile: () => "contact profile",
  profileType: () => "profile type",
} satisfies Record<LeadField, () => string>;

/**
 * The words that readers see in place of the codes of profile types. All other codes belong to one platform, so a
 * config gives their names.
 */
export const PROFILE_TYPES = {
  pro: () => "professionals",
  single: () => "individuals",
};
