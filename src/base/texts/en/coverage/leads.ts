import { counted, inWords, listed, number } from "../../../wording/words.ts";

/** A user that got leads which its rules exclude: a sentence. */
export const LEADS_CHECKED = {
  leads_against_rules: ({ user, leads, of, rules }: LeadsAgainstRules) =>
    `${user} got ${number(leads)} of its ${counted(of, "lead")} against its rules (${listed(rules.map(inWords))})`,
};

export interface LeadsAgainstRules {
  readonly user: string;
  readonly leads: number;
  readonly of: number;
  /** The rules that exclude them, the one that excludes most first. */
  readonly rules: readonly string[];
}
