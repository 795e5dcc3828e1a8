import type { LanguageOptions } from "../../core/names.ts";
import { NOT_COUNTED } from "../../locales/en/not-counted.ts";
import type { PlanHeadline } from "../../locales/en/overview.ts";
import type { RuleName } from "../../rules/types.ts";
import { among, amounts } from "../findings.ts";
import { fieldName, LANGUAGES, type Language } from "../language.ts";
import { openLeavers } from "../leavers.ts";
import { tally, who } from "../show.ts";
import type { Finding } from "../types/findings.ts";
import type { SyncWarning } from "../types/messages.ts";
import type { PlanFacts, PlanSelection, UserDiff } from "../types/plan.ts";
import type { ChangedRule, Findings, PlannedUser } from "../types/records.ts";
import type { RenderOptions, ReportFacts, ReportLanguage } from "../types/report.ts";
import { causesOf } from "./causes.ts";
import {
  type Figure,
  figuresIn,
  type Item,
  type Items,
  itemAt,
  itemsOf,
  type Naming,
  nameOf,
  type Overview,
  sectionsIn,
  sentence,
  shown,
} from "./overview.ts";
import { heldWaitingAmong, movedItems, problemSections } from "./problems.ts";
import { reasonsOf } from "./reasons.ts";
import { type CodeLabels, differenceOf, partsByKind, type RuleDifference, radiusIn, valuesIn } from "./rule-values.ts";

// Values of the fields of a change.
type ValuesOf = (index: number) => readonly string[];

export function planOverview(
  plan: PlanFacts,
  { leaverNotes, language: name = "en" }: Pick<RenderOptions, "language" | "leaverNotes"> = {},
  valuesOf?: ValuesOf | undefined,
): Overview {
  const language = LANGUAGES[name];
  const named = namingIn(language);
  const { overview, told, say, list } = language;
  const section = sectionsIn(language);
  const figure = figuresIn(language);
  const { hash, testMode, counts, estimate, changes, findings } = plan;
  const amount = amounts(findings);
  const teller = new ChangeTeller(language, named, { ...language.codes, ...plan.labels });
  const places = { new: [], changed: [], retried: [], leaver: [], refreshed: [] } as {
    [Of in PlannedUser["kind"]]: number[];
  };
  for (const [index, { kind }] of changes.entries()) places[kind].push(index);
  const changeAt = (index: number) => changes[index] as PlannedUser;
  const itemsOfKind = (kind: PlannedUser["kind"]): Items =>
    itemsOf(places[kind], (index) => teller.tell(changeAt(index), valuesOf?.(index)), {
      text: (index) => teller.textOf(changeAt(index)),
    });
  const fields = changes.flatMap(({ kind, fieldsUnknown, fields }) => {
    return kind !== "changed" ? [] : fieldsUnknown ? [say("unknown_field")] : fields.map(named);
  });
  const rules = changes.flatMap((change) => (change.kind === "refreshed" ? [] : change.rules.map(named)));
  const heldWaiting = heldWaitingAmong(findings);
  const headline = headlineOf(plan);
  const isIdle = headline.added + headline.changed + headline.again + headline.moved + headline.gone === 0;
  const leaverRules = places.leaver.length;
  const again = againAmong(changes);
  return {
    language,
    headline: headline.refusedBy === undefined && isIdle ? undefined : overview.headline(headline),
    title: overview.plan({ hash, records: counts.records, testMode }),
    consequence: consequenceOf(plan, language),
    first: plan.warnings.filter(isReadFirst).map(told),
    causes: causesOf(plan, language, named),
    figures: [
      figure("new", counts.new),
      figure(
        "changed",
        counts.changed - leaverRules - again,
        overview.changed({ fields: list(tally(fields, language.number)) }),
      ),
      figure("again", again),
      figure("leaver_rules", leaverRules),
      figure("retried", counts.retried),
      refreshedFigure(plan, "planned", language),
      movedFigure(plan, language),
      figure("held", counts.held - heldWaiting),
      figure("waiting", counts.waiting + heldWaiting),
      figure("invalid", counts.invalid),
      figure("duplicate", counts.duplicate),
      figure("twin", counts.twin),
      figure("suspicious", amount("suspicious")),
      leaverFigure(plan, language),
      figure("stale", counts.stale),
      figure("ignored", counts.ignored),
      figure("unchanged", counts.unchanged),
    ],
    notes: [
      ...(rules.length === 0 ? [] : [overview.rules_to_set({ rules: list(tally(rules, language.number)) })]),
      overview.needs({
        requests: estimate.requests,
        durationMs: estimate.requests === 0 ? undefined : (estimate.durationMs ?? undefined),
      }),
      ...selectionNotes(plan.selection, language),
      ...(plan.changedSince == null ? [] : [overview.changed_since({ time: plan.changedSince })]),
    ],
    sections: [
      section(
        "refused",
        "why",
        itemsOf(reasonsOf(plan.refusals, language), ({ text }) => sentence(text)),
      ),
      section("new", "sent", itemsOfKind("new")),
      section("changed", "sent", itemsOfKind("changed")),
      section("leaver_rules", "sent", itemsOfKind("leaver")),
      section("retried", "sent", itemsOfKind("retried")),
      section("moved", "sent", movedItems(plan.moves, true, language)),
      ...problemSections(plan, language, { named, leaverNotes }),
      section(
        "warnings",
        "hint",
        itemsOf(plan.warnings.filter(isHint), (one) => sentence(told(one))),
      ),
    ],
  };
}

function consequenceOf({ areas = [] }: PlanFacts, { overview }: Language): string | undefined {
  const lost = areas.filter(({ kind }) => kind === "lost");
  const sum = (of: "places" | "inhabitants") => lost.reduce((all, one) => all + (one[of] ?? 0), 0);
  const [places, inhabitants] = [sum("places"), sum("inhabitants")];
  const isForSome = lost.every(({ kinds }) => kinds.length > 0);
  return places === 0 ? undefined : overview.areas_lost({ places, inhabitants, isForSome });
}

function namingIn(language: Language): Naming {
  return (fieldOrRule) => fieldName(language, fieldOrRule);
}

// Warnings about users that policies did not count come first: a reader needs them to trust the figures.
function isReadFirst({ code }: Pick<SyncWarning, "code">): boolean {
  return Object.hasOwn(NOT_COUNTED, code) && !isOfConfig({ code });
}

// Leaves out what the lists of suspicious data and invalid rows tell already.
export function isHint(one: Pick<SyncWarning, "code">): boolean {
  return !LISTED.has(one.code) && !isReadFirst(one) && !isOfConfig(one);
}

const LISTED: ReadonlySet<string> = new Set(["suspicious_data", "value_not_in_config"]);

// Repeats what the config says in `receives`.
export function isOfConfig({ code }: Pick<SyncWarning, "code">): boolean {
  return code === "users_without_leads";
}

function againAmong(changes: readonly PlannedUser[]): number {
  return changes.filter(({ kind, doubted }) => kind === "changed" && doubted).length;
}

export function headlineOf({ counts, changes, findings, moves, refusals }: PlanFacts): PlanHeadline {
  const again = againAmong(changes);
  const isOfPolicies = refusals.length > 0 && refusals.every(({ code }) => code === "policy");
  return {
    added: counts.new,
    changed: counts.changed + counts.retried - again,
    again,
    moved: moves.filter(({ problem }) => !problem).length,
    gone: openLeavers(findings).length,
    refusedBy: refusals.length === 0 ? undefined : isOfPolicies ? "policy" : "guard",
  };
}

function movedFigure({ moves = [] }: Partial<Findings>, language: Language): Figure {
  const { length } = moves.filter(({ problem }) => !problem);
  return figuresIn(language)("moved", length, language.overview.moved({ amount: length }));
}

function refreshedFigure(
  { counts, refresh }: Pick<ReportFacts | PlanFacts, "counts" | "refresh">,
  run: "planned" | "test" | "done",
  language: Language,
): Figure {
  const { users = 0, days = 0 } = refresh ?? {};
  return figuresIn(language)("refreshed", counts.refreshed, language.overview.refreshed({ users, days, run }));
}

function leaverFigure({ findings }: Pick<Findings, "findings">, language: Language): Figure {
  const open = openLeavers(findings);
  const of = (state: Finding<"leaver">["state"]): number => open.filter((leaver) => leaver.state === state).length;
  const words = language.overview.leavers({ amount: open.length, due: of("due"), perhaps: of("perhaps") });
  return figuresIn(language)("leaver", open.length, words);
}

class ChangeTeller {
  readonly #language: Language;
  readonly #named: Naming;
  readonly #labels: CodeLabels;
  readonly #known = new Map<string, Pick<Item, "text" | "fields">>();

  constructor(language: Language, named: Naming, labels: CodeLabels) {
    this.#language = language;
    this.#named = named;
    this.#labels = labels;
  }

  textOf(change: PlannedUser): string {
    return this.#sent(change).text;
  }

  tell(change: PlannedUser, values: readonly string[] = []): Item {
    const { overview, say, list } = this.#language;
    const { movedFrom, ruleChanges, segment, doubted } = change;
    const { text, fields } = this.#sent(change);
    const ofRules = (ruleChanges ?? []).map((one) => {
      return ruleChangeText(one, this.#named(one.rule), this.#labels, this.#language);
    });
    const moved = movedFrom == null ? [] : [overview.moved_from({ from: shown(movedFrom, this.#language) })];
    const alone = [
      ...moved,
      ...(ofRules.length === 0 ? [text] : [list([...this.#fieldsOf(change), ...ofRules])]),
      ...(ofRules.length > 0 && doubted ? [say("doubted")] : []),
    ].join(overview.separator);
    const notes = [...moved, ...values, ...ofRules];
    return itemAt(change, { text, fields, notes, alone, segment }, this.#language);
  }

  #sent(change: PlannedUser): Pick<Item, "text" | "fields"> {
    const { kind, fields, rules, doubted, fieldsUnknown } = change;
    const { say, list, overview } = this.#language;
    const key = JSON.stringify([kind === "new", fields, rules, doubted, fieldsUnknown]);
    const known = this.#known.get(key);
    if (known) return known;
    const sent = list([...this.#fieldsOf(change), ...rules.map(this.#named)]);
    const text = [sent, ...(doubted ? [say("doubted")] : [])].filter((part) => part !== "").join(overview.separator);
    const made = { text, fields: [...fields, ...rules] };
    this.#known.set(key, made);
    return made;
  }

  #fieldsOf({ kind, fields, fieldsUnknown }: PlannedUser): string[] {
    if (fieldsUnknown) return [this.#language.fieldsUnknown];
    return kind === "new" ? [] : fields.map(this.#named);
  }
}

function selectionNotes({ resend, only, limit, newUsers }: PlanSelection, { overview, say, list }: Language): string[] {
  return [
    ...(resend ? [say("resend")] : []),
    ...(only == null ? [] : [overview.only({ amount: only.length })]),
    ...(limit == null ? [] : [overview.limit({ amount: limit })]),
    ...(newUsers ? [overview.really_new({ users: list(newUsers.map(who)) })] : []),
  ];
}

// Values listed in full. If a rule has more, the text says what it gains and loses.
const MOST_LISTED = 3;

function ruleChangeText(change: ChangedRule, name: string, labels: CodeLabels, { overview, list }: Language): string {
  const { was, now } = change;
  const short = (body: unknown): string => {
    const values = valuesIn(body, labels);
    if (values.length === 0) return overview.no_rule_values;
    return values.length <= MOST_LISTED ? list(values) : overview.rule_values({ count: values.length });
  };
  const isLong = [was, now].some((body) => valuesIn(body, labels).length > MOST_LISTED);
  const difference = was === null || !(isLong || short(was) === short(now)) ? undefined : differenceOf(change, labels);
  if (difference) {
    const parts = (of: keyof RuleDifference) => overview.rule_parts(partsByKind(difference[of]));
    return overview.rule_difference({ name, added: parts("added"), removed: parts("removed") });
  }
  const before = was === null || was === undefined ? was : short(was);
  return overview.rule_change({
    name,
    unit: radiusIn(now) === undefined ? undefined : "km",
    was: before,
    now: short(now),
  });
}

export function reportOverview(report: ReportFacts, { language: name = "en" }: LanguageOptions = {}): Overview {
  const language = LANGUAGES[name];
  const named = namingIn(language);
  const { overview, told, say } = language;
  const section = sectionsIn(language);
  const figure = figuresIn(language);
  const { status, stopReason, testMode, requests, retries, counts, durationMs, findings } = report;
  const amount = amounts(findings);
  const [waiting, heldWaiting] = [amount("waiting"), heldWaitingAmong(findings)];
  return {
    language,
    title: overview.report({ status, testMode, durationMs }),
    first: [
      ...(report.newProblems === 0 && report.knownProblems > 0 ? [stillOpen(report, language)] : []),
      ...report.warnings.filter(isReadFirst).map(told),
    ],
    causes: [],
    figures: [
      figure("created", counts.created, overview.created({ amount: counts.created, testMode })),
      figure("updated", counts.updated, overview.updated({ amount: counts.updated, testMode })),
      refreshedFigure(report, testMode ? "test" : "done", language),
      movedFigure(report, language),
      figure("unchanged", counts.unchanged),
      figure("incomplete", counts.incomplete),
      figure("failed", counts.failed),
      figure("skipped", counts.skipped - waiting),
      figure("waiting", waiting + heldWaiting),
      figure("unverifiable", counts.unverifiable),
      figure("held", counts.held - heldWaiting),
      figure("invalid", counts.invalid),
      figure("duplicate", counts.duplicate),
      figure("twin", counts.twin),
      figure("suspicious", amount("suspicious")),
      leaverFigure(report, language),
      figure("stale", counts.stale),
      figure("not_selected", counts.notSelected),
      figure("not_approved", counts.notApproved),
    ],
    notes: [
      ...problemNote(report, language),
      overview.requests({ requests, retries }),
      overview.run({ run: report.runId, plan: report.hash }),
    ],
    sections: [
      section(
        status === "paused" ? "paused" : "stopped",
        "why",
        itemsOf(stopReason ? [stopReason] : [], (one) => sentence(told(one))),
      ),
      section(
        testMode ? "would_be_refused" : counts.notApproved > 0 ? "not_approved" : "approved",
        "why",
        itemsOf(reasonsOf(report.refusals, language), ({ text }) => sentence(text)),
      ),
      section("moved", "sent", movedItems(report.moves, true, language)),
      ...problemSections(report, language, { named }, [
        section(
          "unverifiable",
          "unsent",
          itemsOf(among(findings, "unverifiable"), (user) => {
            const on = user.dependsOn === user.accountNumber ? say("user_itself") : who(user.dependsOn);
            return itemAt(user, { text: overview.depends({ step: user.step, on }) }, language);
          }),
        ),
      ]),
      section(
        "warnings",
        "hint",
        itemsOf(report.warnings.filter(isHint), (one) => sentence(told(one))),
      ),
    ],
  };
}

function problemNote({ newProblems: fresh, knownProblems }: ReportFacts, { overview }: Language): string[] {
  return fresh === 0 ? [] : [overview.problems({ all: fresh + knownProblems, fresh })];
}

// Exit code 0 may hide them.
export function stillOpen({ findings, newProblems: fresh }: ReportFacts, language: Language): string {
  const known = findings.filter(({ isNew }) => isNew === false);
  const names = [...new Set(known.map((one) => nameOf(itemAt(one, { text: "" }, language))))];
  return language.overview.still_open({ fresh, count: names.length, names: names.slice(0, MOST_NAMED) });
}

const MOST_NAMED = 5;

// A change of one user in words, with the names of fields and rules.
export function diffLines({ accountNumber, kind, fieldsUnknown, lines }: UserDiff, name: ReportLanguage): string[] {
  const language = LANGUAGES[name];
  const signs = { added: "+", changed: "~", removed: "-", unknown: "?" };
  const shownValue = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  return [
    `${shown(accountNumber, language)} (${KIND_LABELS[kind](language)})`,
    ...(fieldsUnknown ? [`  ${language.fieldsUnknown}`] : []),
    ...lines.map(({ path, change, value, was }) => {
      const named = fieldName(language, path);
      const rule = path.startsWith("rules.") ? (path.slice("rules.".length) as RuleName) : undefined;
      const text =
        rule !== undefined && value !== undefined
          ? ruleChangeText({ rule, was: change === "added" ? null : was, now: value }, named, {}, language)
          : value === undefined
            ? named
            : language.overview.one_user({ name: named, sent: shownValue(value) });
      return `  ${signs[change]} ${text}`;
    }),
  ];
}

const KIND_LABELS: { readonly [Kind in PlannedUser["kind"]]: (language: Language) => string } = {
  new: ({ say }) => say("title_new"),
  changed: ({ say }) => say("title_changed"),
  retried: ({ say }) => say("title_retried"),
  leaver: ({ say }) => say("title_leaver"),
  refreshed: ({ say }) => say("title_refreshed"),
};
