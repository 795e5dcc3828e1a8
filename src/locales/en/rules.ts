import type { LeadField, RuleName } from "../../rules/types.ts";

/** The rules, as people call them. */
export const RULE_LABELS = {
  geographical: () => "area",
  maxDistance: () => "radius",
  competences: () => "competences",
  contactProfiles: () => "contact profiles",
  profileTypes: () => "profile types",
} satisfies Record<RuleName, () => string>;

/** The codes of a lead that rules ask for, as people call them. */
export const LEAD_LABELS = {
  range: () => "range",
  requestType: () => "request type",
  contactProfile: () => "contact profile",
  profileType: () => "profile type",
} satisfies Record<LeadField, () => string>;
