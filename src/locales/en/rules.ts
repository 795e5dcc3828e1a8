import type { LeadField, RuleName } from "../../rules/types.ts";

export const RULE_LABELS = {
  geographical: "area",
  maxDistance: "radius",
  competences: "competences",
  contactProfiles: "contact profiles",
  profileTypes: "profile types",
} satisfies Record<RuleName, string>;

export const LEAD_LABELS = {
  range: "range",
  requestType: "request type",
  contactProfile: "contact profile",
  profileType: "profile type",
} satisfies Record<LeadField, string>;

// All other codes belong to one platform, so a config gives their names.
export const PROFILE_TYPES = {
  pro: "professionals",
  single: "individuals",
};
