// How the search of the site weighs its pages. What people type stands on the pages themselves.

/** Articles, pronouns and the like, in both languages: they say nothing about a page. */
const STOP_WORDS =
  "a an the to of in is it this that and or for my i do does did how what why when was were be can with on by as at " +
  "from le la les un une des de du est et ou pour je que qui dans en sur par au aux d l";

/** The settings of the search in the browser. Functions are sent there as text, so each holds what it needs itself. */
export const searchOptions: {
  readonly fuzzy: number;
  readonly processTerm: (term: string) => string | null;
  readonly boostDocument: (id: string) => number;
} = {
  fuzzy: 0.1,
  processTerm: new Function(
    "term",
    `const word = term.toLowerCase();
    return ${JSON.stringify(STOP_WORDS.split(" "))}.includes(word) ? null : word;`,
  ) as (term: string) => string | null,
  // Guides come before tables, reasons and pages of the API.
  boostDocument: new Function(
    "id",
    `if (id.includes("/reference/api/")) return 0.3;
    return /\\/(?:reference\\/(?!guarantees|types|versions)|explain\\/)/.test(id) ? 0.6 : 1;`,
  ) as (id: string) => number,
};
