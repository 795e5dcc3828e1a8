import { counted } from "../../../base/words.ts";
import { byVerdict, changesText, explainMembers } from "../../explain/verdicts.ts";
import type { Network } from "../../network/network.ts";
import type { Lead, RuleAnswer, UserVerdict } from "../../types.ts";
import { byId, controlValue, element } from "./page.ts";

const MARKS: { readonly [Result in RuleAnswer["result"]]: readonly [mark: string, word: string] } = {
  pass: ["✓", "passes"],
  fail: ["✗", "fails"],
  uncertain: ["?", "uncertain"],
  not_set: ["·", "not set"],
};
const RULES: { readonly [Name in keyof UserVerdict["rules"]]: string } = {
  geographical: "Area",
  maxDistance: "Radius",
  competences: "Competences",
  contactProfiles: "Contact profiles",
  profileTypes: "Profile types",
};

/** Explains the lead in the form. Gives the spot of its postcode, if the postcode is known. */
export function explainForm(network: Network, nameOf: (accountNumber: string) => string): number | undefined {
  const result = byId("lead-result");
  const lead = leadInForm(network);
  if (!result || lead.zipCode === undefined) {
    result?.replaceChildren(element("p", "note", "Enter a postcode to see who is eligible, and why."));
    return undefined;
  }
  const spot = network.spots.ofZip(lead.country, lead.zipCode);
  if (spot === undefined) {
    // A spreadsheet drops the leading zero.
    const withZero = `0${lead.zipCode}`;
    const hint = network.spots.ofZip(lead.country, withZero) === undefined ? "" : `; ${withZero} is one`;
    result.replaceChildren(
      element("p", "note", `${lead.zipCode} is not a postcode of ${lead.country} in this report${hint}.`),
    );
    return undefined;
  }
  const users = explainMembers(
    lead,
    network.users.map(({ member }) => member),
    network.geography,
    network.assumptions,
  );
  const { eligible, uncertain, not_eligible: others } = byVerdict(users);
  const { counties = [] } = network.spots.at(spot);
  const names = counties.map((county) => network.geography.countyName(lead.country, county));
  result.replaceChildren(
    element("p", eligible.length > 0 ? "verdict good" : "verdict bad", verdictText(eligible.length, uncertain.length)),
    element("p", "note", `${lead.zipCode}, ${names.join(" and ")}`),
    ...group("Eligible", eligible, 20, nameOf),
    ...group("Uncertain", uncertain, 8, nameOf),
    ...group("Not eligible, nearest first", others, 5, nameOf),
  );
  return spot;
}

function leadInForm(network: Network): Lead {
  return {
    country: controlValue("lead-country") ?? network.universe.countries[0]?.code ?? "FR",
    zipCode: controlValue("lead-zip"),
    range: controlValue("lead-range"),
    requestType: controlValue("lead-type"),
    contactProfile: controlValue("lead-contact"),
    profileType: controlValue("lead-profile"),
  };
}

function verdictText(eligible: number, uncertain: number): string {
  if (eligible === 0 && uncertain > 0) return `No user is eligible for certain, ${uncertain} may be.`;
  const first = eligible === 0 ? "No user is eligible" : `${counted(eligible, "user is", "users are")} eligible`;
  return uncertain === 0 ? `${first}.` : `${first}, ${uncertain} uncertain.`;
}

/** Users under a title, so many of them at the most. */
function group(
  title: string,
  users: readonly UserVerdict[],
  most: number,
  nameOf: (name: string) => string,
): HTMLElement[] {
  if (users.length === 0) return [];
  const items = users.slice(0, most).map((user) => userItem(user, nameOf));
  const more = users.length > most ? [element("li", "note", `and ${users.length - most} more`)] : [];
  return [element("h3", "", title), element("ul", "users", ...items, ...more)];
}

function userItem(user: UserVerdict, nameOf: (name: string) => string): HTMLElement {
  const lines = Object.entries(user.rules)
    .filter(([, { result }]) => result !== "not_set")
    .map(([name, { result, reason }]) => {
      const [mark, word] = MARKS[result];
      const sign = element("span", `mark ${result}`, mark);
      sign.setAttribute("aria-hidden", "true");
      const label = element("b", "", RULES[name as keyof typeof RULES]);
      return element("li", "", sign, element("span", "hidden", word), " ", label, ` ${reason}`);
    });
  const none = lines.length === 0 ? [element("li", "note", "no rule restricts this user")] : [];
  const change = user.changes.length > 0 ? [element("p", "change", changesText(user))] : [];
  return element(
    "li",
    "",
    element("b", "name", nameOf(user.accountNumber)),
    element("ul", "rules", ...lines, ...none),
    ...change,
  );
}
