import type { Language } from "../language.ts";
import type { RuleChange } from "../types/records.ts";

/** At most this many codes are listed; of more there is a number. */
const MOST_LISTED = 3;

/** The old and the new value of a rule in a few words: `radius 90 → 12 km`. */
export function ruleChangeText({ rule, was, now }: RuleChange, language: Pick<Language, "overview">): string {
  const short = (body: unknown): string => valueText(body, language);
  const before = was === null || was === undefined ? was : short(was);
  return language.overview.rule_change({ name: rule, was: before, now: short(now) });
}

function valueText(body: unknown, { overview }: Pick<Language, "overview">): string {
  if (typeof body === "object" && body !== null && "maxDistance" in body) return String(body.maxDistance);
  const codes = leavesOf(body);
  if (codes.length === 0) return overview.no_rule_values();
  return codes.length <= MOST_LISTED ? codes.join(", ") : overview.rule_values({ count: codes.length });
}

/** The texts and numbers of a value, in their order. */
function leavesOf(value: unknown): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}
