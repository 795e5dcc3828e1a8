/**
 * The name of an assignment rule: its field in {@link UserRules}. The one list of the names, in a file that imports nothing, because
 * errors, facts and texts name rules. The list of descriptors (rules.ts) compiles only if it has each of them, and no other.
 */
export type RuleName = "geographical" | "maxDistance" | "competences" | "contactProfiles" | "profileTypes";
