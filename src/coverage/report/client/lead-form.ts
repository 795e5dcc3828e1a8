import { byId, controlValue, element } from "../../../base/page/client/page.ts";
import { counted } from "../../../base/words.ts";
import type { RuleName } from "../../../rules/rules.ts";
import { byVerdict, changesText, explainMembers } from "../../explain/verdicts.ts";
import type { Network } from "../../network/network.ts";
import { AXES } from "../../rules/rules.ts";
import type { Lead, RuleAnswer, UserVerdict } from "../../types.ts";
import type { ReportData } from "../data.ts";

const MARKS: { readonly [Result in RuleAnswer["result"]]: readonly [mark: string, word: string] } = {
  pass: ["✓", "passes"],
  fail: ["✗", "fails"],
  uncertain: ["?", "uncertain"],
  not_set: ["·", "not set"],
};
/** Explains the lead in the form. Gives the spot of its postcode, if the postcode is known. */
export function explainForm(
  network: Network,
  labels: ReportData["labels"],
  nameOf: (accountNumber: string) => string,
): number | undefined {
  const show = (user: UserVerdict) => userItem(user, labels, nameOf(user.accountNumber));
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
    ...group("Eligible", eligible, 20, show),
    ...group("Uncertain", uncertain, 8, show),
    ...group("Not eligible, nearest first", others, 5, show),
  );
  return spot;
}

function leadInForm(network: Network): Lead {
  return {
    country: controlValue("lead-country") ?? network.universe.countries[0]?.code ?? "FR",
    zipCode: controlValue("lead-zip"),
    ...Object.fromEntries(AXES.map(({ field }) => [field, controlValue(`lead-${field}`)])),
  };
}

function verdictText(eligible: number, uncertain: number): string {
  if (eligible === 0 && uncertain > 0) return `No user is eligible for certain, ${uncertain} may be.`;
  const first = eligible === 0 ? "No user is eligible" : `${counted(eligible, "user is", "users are")} eligible`;
  return uncertain === 0 ? `${first}.` : `${first}, ${uncertain} uncertain.`;
}

/** Users under a title, at most some of them. */
function group(
  title: string,
  users: readonly UserVerdict[],
  most: number,
  show: (user: UserVerdict) => HTMLElement,
): HTMLElement[] {
  if (users.length === 0) return [];
  const items = users.slice(0, most).map(show);
  const more = users.length > most ? [element("li", "note", `and ${users.length - most} more`)] : [];
  return [element("h3", "", title), element("ul", "users", ...items, ...more)];
}

function userItem(user: UserVerdict, labels: ReportData["labels"], name: string): HTMLElement {
  const lines = Object.entries(user.rules)
    .filter(([, { result }]) => result !== "not_set")
    .map(([rule, { result, message }]) => {
      const [mark, word] = MARKS[result];
      const sign = element("span", `mark ${result}`, mark);
      sign.setAttribute("aria-hidden", "true");
      const label = element("b", "", labels[rule as RuleName]);
      return element("li", "", sign, element("span", "hidden", word), " ", label, ` ${message}`);
    });
  const none = lines.length === 0 ? [element("li", "note", "no rule restricts this user")] : [];
  const change = user.changes.length > 0 ? [element("p", "change", changesText(user))] : [];
  return element("li", "", element("b", "name", name), element("ul", "rules", ...lines, ...none), ...change);
}
