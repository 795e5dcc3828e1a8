import { append } from "../../core/values.ts";
import { capitalised } from "../../locales/grammar.ts";
import type { RuleName } from "../../rules/types.ts";
import { among } from "../findings.ts";
import type { Language } from "../language.ts";
import { usersAmong } from "../show.ts";
import type { WaitingRoot } from "../types/findings.ts";
import type { PlanFacts } from "../types/plan.ts";
import type { ChangedRule, PlannedUser } from "../types/records.ts";
import { type Cause, grouped, type Naming } from "./overview.ts";
import { isWaiting, rootName } from "./problems.ts";
import { type CodeLabels, differenceOf, partsByKind, type RuleDifference, radiusIn } from "./rule-values.ts";

const MOST = 3;
const MOST_SEGMENTS = 5;

interface RuleOfUser {
  readonly change: PlannedUser;
  readonly rule: ChangedRule;
}

export function causesOf(plan: PlanFacts, language: Language, named: Naming): Cause[] {
  const labels = { ...language.codes, ...plan.labels };
  const known = plan.changes.flatMap((change) => (change.ruleChanges ?? []).map((rule) => ({ change, rule })));
  const byRule = [...new Set(known.map(({ rule }) => rule.rule))].map((name) => {
    const ofRule = known.filter(({ rule }) => rule.rule === name);
    const text = name === "maxDistance" ? radiiText(ofRule, language) : ruleText(name, ofRule, labels, language);
    return { size: ofRule.length, text, segments: segmentsOf(ofRule, language) };
  });
  const fields = fieldsText(plan.changes, language, named);
  return [
    ...byRule.sort((a, b) => b.size - a.size).map(({ text, segments }): Cause => ({ text, segments })),
    ...(fields === undefined ? [] : [{ text: fields, segments: [] }]),
    ...waitingCauses(plan, language),
  ];
}

function segmentsOf(changes: readonly RuleOfUser[], { number }: Language): string[] {
  const named = changes.filter(({ change }) => change.segment != null);
  const bySize = grouped(named, ({ change }) => change.segment ?? "");
  return bySize.slice(0, MOST_SEGMENTS).map((same) => `${same[0]?.change.segment} (${number(same.length)})`);
}

function radiiText(changes: readonly RuleOfUser[], { overview }: Language): string {
  const pairs: RadiusPair[] = [];
  const set: number[] = [];
  let unknown = 0;
  for (const { rule } of changes) {
    const [from, to] = [radiusIn(rule.was), radiusIn(rule.now)];
    if (to === undefined || (from === undefined && rule.was !== null)) unknown += 1;
    else if (from === undefined) set.push(to);
    else pairs.push([from, to]);
  }
  const range = (values: readonly number[]): string => {
    return overview.radius_range({ low: Math.min(...values), high: Math.max(...values) });
  };
  const groups = groupsOf(pairs).map((same) => ({
    count: same.length,
    from: range(same.map(([from]) => from)),
    to: range(same.map(([, to]) => to)),
  }));
  const [only] = groups;
  const isAll = pairs.length === changes.length;
  if (isAll && only && groups.length === 1) return overview.radii_alike(only);
  const told = groups.map((group, index) => {
    return isAll && index === groups.length - 1 ? overview.radii_rest(group) : overview.radii_of(group);
  });
  const parts = [
    ...told,
    ...(set.length === 0 ? [] : [overview.radii_new({ count: set.length, to: range(set) })]),
    ...(unknown === 0 ? [] : [overview.before_unknown({ count: unknown })]),
  ];
  return overview.cause({ what: overview.radii({ count: changes.length }), parts });
}

type RadiusPair = readonly [from: number, to: number];

// Groups by old and new value. If there are too many groups, by the new value only, then by whether the radius shrinks.
function groupsOf(pairs: readonly RadiusPair[]): RadiusPair[][] {
  const keys: readonly ((pair: RadiusPair) => string)[] = [
    ([from, to]) => `${from} ${to}`,
    ([, to]) => String(to),
    ([from, to]) => String(to < from),
  ];
  const possible = keys.map((keyOf) => grouped(pairs, keyOf));
  return possible.find(({ length }) => length <= MOST) ?? possible.at(-1) ?? [];
}

function ruleText(
  name: RuleName,
  changes: readonly RuleOfUser[],
  labels: CodeLabels,
  { overview, rules }: Language,
): string {
  const differences = changes.flatMap(({ rule }) => differenceOf(rule, labels) ?? []);
  const side = (of: keyof RuleDifference): string[] => {
    const users = differences.filter((one) => one[of].length > 0);
    const { codes, ...places } = partsByKind(users.flatMap((one) => one[of]));
    const byCode = grouped(codes, (code) => code);
    const inAll = overview.rule_parts({ ...places, codes: [] });
    return [
      ...byCode.slice(0, MOST).map((same) => overview[`value_${of}`]({ name: same[0] ?? "", count: same.length })),
      ...(byCode.length > MOST ? [overview[`more_${of}`]({ count: byCode.length - MOST })] : []),
      ...(inAll === "" ? [] : [overview[`value_${of}`]({ name: inAll, count: users.length })]),
    ];
  };
  const unknown = changes.length - differences.length;
  const what = overview.rules_change({ name: capitalised(rules[name]), count: changes.length });
  const rest = unknown === 0 ? [] : [overview.before_unknown({ count: unknown })];
  return overview.cause({ what, parts: [...side("added"), ...side("removed"), ...rest] });
}

function fieldsText(changes: readonly PlannedUser[], { overview }: Language, named: Naming): string | undefined {
  const users = new Map<string, PlannedUser[]>();
  for (const change of changes) {
    if (change.kind === "changed") for (const field of change.fields) append(users, named(field), change);
  }
  const fields = [...users].map(([name, { length }]) => ({ name, count: length })).sort((a, b) => b.count - a.count);
  return fields.length === 0
    ? undefined
    : overview.fields_change({ fields: fields.map((one) => overview.field_for(one)) });
}

function waitingCauses({ findings }: PlanFacts, language: Language): Cause[] {
  const users: { readonly accountNumber: string; readonly root: WaitingRoot }[] = among(
    findings,
    "waiting",
    "held",
  ).filter(isWaiting);
  return grouped(users, ({ root }) => root.accountNumber)
    .slice(0, MOST)
    .map((same): Cause => {
      const [{ root }] = same as [(typeof users)[number]];
      const waits = { because: root.because, ...usersAmong(same.map(({ accountNumber }) => accountNumber)) };
      return { text: language.reasons.parent_missing({ root: rootName(root, language), ...waits }), segments: [] };
    });
}
