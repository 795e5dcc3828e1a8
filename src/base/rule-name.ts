/**
 * The names of the assignment rules, for errors, which stand below the rules. The list of descriptors in rules/ says what the
 * rules are; the compiler refuses a name that is in one place only.
 */
export type RuleName = "geographical" | "maxDistance" | "competences" | "contactProfiles" | "profileTypes";
