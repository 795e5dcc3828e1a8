/** What may be wrong with the options of the coverage. */
export const COVERAGE_OPTIONS = {
  not_rule_names: ({ known }: { readonly known: readonly string[] }) => `must be a list of rules: ${known.join(", ")}`,
  not_distance_from: () => 'must be "address" or a function',
  not_above_zero: () => "must be a number above 0",
  not_codes: () => "must be a list of codes",
  not_countries: () => "must be a list of what getCountry returned",
  not_country_details: () => "must be what getCountry returned, with its counties",
  not_universe: () =>
    'must be an object with the countries of the leads: { countries: [await oplead.getCountry("FR")] }',
};
