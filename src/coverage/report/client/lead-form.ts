import { byId, controlValue, element } from "../../../base/page/client/page.ts";
import type { RuleName } from "../../../rules/rules.ts";
import { byVerdict, explainMembers } from "../../explain/verdicts.ts";
import type { Network } from "../../network/network.ts";
import { AXES } from "../../rules/rules.ts";
import type { Lead, RuleAnswer, UserVerdict } from "../../types.ts";
import type { ReportData } from "../data/data.ts";
import type { CoverageWords, Label, ScriptTexts } from "../words.ts";

const MARKS: { readonly [Result in RuleAnswer["result"]]: readonly [mark: string, word: Label<ScriptTexts>] } = {
  pass: ["✓", "passes"],
  fail: ["✗", "fails"],
  uncertain: ["?", "uncertain"],
  not_set: ["·", "not_set"],
};
/** Explains the lead in the form. Gives the spot of its postcode, if the postcode is known. */
export function explainForm(network: Network, rules: ReportData["rules"], words: CoverageWords): number | undefined {
  const show = (user: UserVerdict) => userItem(user, rules, words);
  const result = byId("lead-result");
  const lead = leadInForm(network);
  if (!result || lead.zipCode === undefined) {
    result?.replaceChildren(element("p", "note", words.say("enter_postcode")));
    return undefined;
  }
  const spot = network.spots.ofZip(lead.country, lead.zipCode);
  if (spot === undefined) {
    // A spreadsheet drops the leading zero.
    const withZero = `0${lead.zipCode}`;
    const other = network.spots.ofZip(lead.country, withZero) === undefined ? undefined : withZero;
    const text = words.say("not_postcode", { zipCode: lead.zipCode, country: lead.country, other });
    result.replaceChildren(element("p", "note", text));
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
    element(
      "p",
      eligible.length > 0 ? "verdict good" : "verdict bad",
      words.say("verdict", { eligible: eligible.length, uncertain: uncertain.length }),
    ),
    element("p", "note", `${lead.zipCode}, ${words.listed(names)}`),
    ...group("title_eligible", eligible, 20, show, words),
    ...group("title_uncertain", uncertain, 8, show, words),
    ...group("title_not_eligible", others, 5, show, words),
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

/** Users under a title, at most some of them. */
function group(
  title: Label<ScriptTexts>,
  users: readonly UserVerdict[],
  most: number,
  show: (user: UserVerdict) => HTMLElement,
  words: CoverageWords,
): HTMLElement[] {
  if (users.length === 0) return [];
  const items = users.slice(0, most).map(show);
  const rest = words.say("more", { count: users.length - most });
  const more = users.length > most ? [element("li", "note", rest)] : [];
  return [element("h3", "", words.say(title)), element("ul", "users", ...items, ...more)];
}

function userItem(user: UserVerdict, rules: ReportData["rules"], words: CoverageWords): HTMLElement {
  const lines = Object.entries(user.rules)
    .filter(([, { result }]) => result !== "not_set")
    .map(([rule, answer]) => {
      const { result } = answer;
      const [mark, word] = MARKS[result];
      const sign = element("span", `mark ${result}`, mark);
      sign.setAttribute("aria-hidden", "true");
      const label = element("b", "", rules[rule as RuleName]);
      return element("li", "", sign, element("span", "hidden", words.say(word)), " ", label, ` ${words.told(answer)}`);
    });
  const none = lines.length === 0 ? [element("li", "note", words.say("no_rule"))] : [];
  const changes = user.changes.map((change) => words.told(change)).join(" + ");
  const isEnough = Object.values(user.rules).every(({ result }) => result !== "uncertain");
  const change = changes === "" ? [] : [element("p", "change", words.say("to_be_eligible", { changes, isEnough }))];
  return element(
    "li",
    "",
    element("b", "name", words.user(user.accountNumber)),
    element("ul", "rules", ...lines, ...none),
    ...change,
  );
}
