/** Problems of the options of the coverage. */
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
  not_assumptions: () => "must be the assumptions as a whole: { ...defaultAssumptions, … }",
  not_universe: () =>
    'must be an object with the countries of the leads: { countries: [await oplead.getCountry("FR")] }',
};
