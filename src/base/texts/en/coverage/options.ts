import { number } from "../../../wording/words.ts";

export const COVERAGE_OPTIONS = {
  not_rule_names: ({ known }: { readonly known: readonly string[] }) => `must be a list of rules: ${known.join(", ")}`,
  not_distance_from: () => 'must be "address" or a function',
  not_above_zero: () => "must be a number above 0",
  not_codes: () => "must be a list of codes",
  not_countries: () => "must be a list of what getCountry returned",
  not_country_details: () => "must be what getCountry returned, with its counties",
  not_list_of_text: () => "must be a list of texts",
  not_located: () => "must return a place or undefined, and return it at once",
  not_explanation: () => "must be what explainLead returned",
  not_universe: () =>
    'must be an object with the countries of the leads: { countries: [await oplead.getCountry("FR")] }',
  too_many_kinds: ({ kinds, most }: { readonly kinds: number; readonly most: number }) =>
    `has ${number(kinds)} kinds of leads, the product of its lists of codes; at most ${number(most)}. Give the codes that are in use. With the assumption codesLeftOut: "not_distinguished" leads are not told apart by a list that is left out`,
  not_code_of_lead: () => "must be text, or left out",
  not_coordinates: () => "must be [latitude, longitude] in degrees, as numbers",
  names_user: () => "is required: results name users by it",
  names_recipient: () => "is required: the user who got the lead",
  not_labels: () => 'must be names by code: { RNG_CARS: "Cars" }',
  not_day: () => "must be a day as 2026-01-31",
  names_two_users: () => "is the account number of another user too",
  not_kept: () => "is not known: the ledger does not keep what Oplead accepted",
  not_policy_context: () => "takes what a policy is given",
  not_in_universe: () => "is not in the universe: no lead can have it",
  no_limit: () => "needs one of postcodes, inhabitants, share",
  not_area: () => 'must be an object with a country: { country: "FR", counties: ["29"] }',
  not_coverage_result: () => "takes what coverage returned, not a copy of it",
};
