/**
 * The name of an assignment rule: its field in {@link UserRules}. Written down here because errors name rules and stand below
 * them. The compiler refuses a name that is not in the list of descriptors (rules/rules.ts), and the reverse.
 */
export type RuleName = "geographical" | "maxDistance" | "competences" | "contactProfiles" | "profileTypes";
