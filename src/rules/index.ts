export type RuleName = "geographical" | "maxDistance" | "competences" | "contactProfiles" | "profileTypes";
export type UserRules = { [N in RuleName]?: unknown };
export type RuleToSend =
  | {
      name: "geographical";
      body: {
        handledCountries: {
          handledCountry: { code: string };
          handledCounties?: { handledCounty: { number: string }; handledPostCodeZips?: string[] }[];
        }[];
      };
    }
  | { name: "maxDistance"; body: { maxDistance: number } }
  | { name: "competences"; body: { range: { code: string }; requestType?: { code: string } }[] }
  | { name: "contactProfiles"; body: { code: string }[] }
  | { name: "profileTypes"; body: ("pro" | "single")[] };
export function readRules(_rules: UserRules): RuleToSend[] {
  return [];
}
