import { LANGUAGES, type Language } from "../language.ts";
import { tally, userAt, who } from "../text.ts";
import type { PlanFacts, PlanSelection, RenderPlanOptions } from "../types/plan.ts";
import type { PlannedUser } from "../types/records.ts";
import { isWaiting } from "../waiting.ts";
import { findingSections, leaverAmount, moveAmount, waitingSection } from "./findings.ts";
import { type Overview, type Section, sectionsIn } from "./overview.ts";
import { ruleChangeText } from "./rule-change.ts";

/** A plan for people: how much, how long, and what to look at before it is approved. */
export function planOverview(
  plan: PlanFacts,
  { all = false, leaverNotes, language: name = "en" }: RenderPlanOptions = {},
): Overview {
  const language = LANGUAGES[name];
  const { overview, told, say } = language;
  const section = sectionsIn(language);
  const { hash, testMode, counts, estimate, changes } = plan;
  const created = changes.filter(({ kind }) => kind === "new");
  const changed = changes.filter(({ kind }) => kind !== "new" && kind !== "retried");
  const retried = changes.filter(({ kind }) => kind === "retried");
  const fields = tally(
    changed.flatMap((user) => (user.fieldsUnknown ? [say("unknown_field")] : user.fields)),
    language,
  ).join(", ");
  const rules = tally(
    changes.flatMap(({ rules }) => rules),
    language,
  ).join(", ");
  return {
    language,
    title: overview.plan({ hash, records: counts.records, testMode }),
    amounts: [
      [counts.new, say("new"), "good"],
      [counts.changed, overview.changed({ fields }), "notable"],
      [counts.retried, say("retried"), "notable"],
      [counts.unchanged, say("unchanged")],
      [counts.held, say("held"), "notable"],
      [counts.waiting, say("waiting")],
      [counts.invalid, say("invalid"), "bad"],
      [counts.duplicate, say("duplicate")],
      [counts.twin, say("twin"), "notable"],
      [counts.stale, say("stale")],
      [counts.ignored, say("ignored")],
      moveAmount(language, plan.moves),
      leaverAmount(language, plan.missing),
    ],
    notes: [
      ...(rules === "" ? [] : [overview.rules_to_set({ rules })]),
      overview.needs({
        requests: estimate.requests,
        durationMs: estimate.requests === 0 ? undefined : estimate.durationMs,
      }),
      ...selectionNotes(plan.selection, language),
      ...(plan.changedSince === undefined ? [] : [overview.changed_since({ time: plan.changedSince })]),
    ],
    sections: [
      section("title_refused", ["why"], plan.refusals, (one) => [told(one)], { tone: "bad", isUrgent: true }),
      section(
        "title_new",
        ["user", "rules"],
        created,
        (user) => [userAt(user, language), rulesOf(user.rules, language).join(", ")],
        { tone: "good" },
      ),
      all || changed.length <= READ_ONE_BY_ONE ? changesOf(changed, language) : kindsOf(changed, language),
      section("title_retried", ["user", "rules"], retried, (user) => [
        userAt(user, language),
        rulesOf(user.rules, language).join(", "),
      ]),
      waitingSection([...plan.waiting, ...plan.held.filter(isWaiting)], language),
      ...findingSections(plan, language, leaverNotes),
    ],
  };
}

/** At most this many changes are listed one by one. */
const READ_ONE_BY_ONE = 10;

function changesOf(changed: readonly PlannedUser[], language: Language): Section {
  const row = (user: PlannedUser) => [userAt(user, language), sentOf(user, true, language)];
  return sectionsIn(language)("title_changed", ["user", "sent"], changed, row, { tone: "notable" });
}

/** Changes by what is sent, the commonest first. */
function kindsOf(changed: readonly PlannedUser[], language: Language): Section {
  const { overview } = language;
  const kinds = new Map<string, PlannedUser[]>();
  for (const user of changed) {
    const sent = sentOf(user, false, language);
    const kind = kinds.get(sent);
    if (kind) kind.push(user);
    else kinds.set(sent, [user]);
  }
  const rows = [...kinds].sort(([, a], [, b]) => b.length - a.length);
  return sectionsIn(language)(
    "title_changed",
    ["users", "examples"],
    rows,
    ([sent, users]) => {
      const examples = users
        .slice(0, 3)
        .map((user) => [userAt(user, language), ...rulesIn(user, language)].join(" "))
        .join(", ");
      return users.length === 1
        ? [`${examples}: ${sentOf(users[0] as PlannedUser, true, language)}`]
        : [overview.users({ amount: users.length, sent }), overview.for_example({ users: examples })];
    },
    { tone: "notable" },
  );
}

/** The parts of a user that are sent; `isOne`: with the details that set it apart from others of its kind. */
function sentOf(user: PlannedUser, isOne: boolean, language: Language): string {
  const { overview, say } = language;
  return [
    ...(user.kind === "leaver" ? [say("leaver")] : []),
    ...(user.movedFrom == null ? [] : [overview.moved_from({ from: isOne ? who(user.movedFrom) : undefined })]),
    ...(user.fieldsUnknown ? [say("fields_unknown")] : user.fields),
    ...(isOne && user.ruleChanges
      ? user.ruleChanges.map((change) => ruleChangeText(change, language))
      : rulesOf(user.rules, language)),
    ...(user.doubted ? [say("doubted")] : []),
  ].join(", ");
}

/** The rules of one of many users that change alike, with their values. */
function rulesIn({ ruleChanges = [] }: PlannedUser, language: Language): string[] {
  const texts = ruleChanges.map((change) => ruleChangeText(change, language));
  return texts.length === 0 ? [] : [`(${texts.join(", ")})`];
}

function selectionNotes({ resend, only, limit, newUsers }: PlanSelection, { overview, say }: Language): string[] {
  return [
    ...(resend ? [say("resend")] : []),
    ...(only === undefined ? [] : [overview.only({ amount: only.length })]),
    ...(limit === undefined ? [] : [overview.limit({ amount: limit })]),
    ...(newUsers ? [overview.really_new({ users: newUsers.map(who).join(", ") })] : []),
  ];
}

function rulesOf(rules: readonly string[], { overview }: Language): string[] {
  return rules.map((name) => overview.rule({ name }));
}
