import { type Html, html } from "../../core/page.ts";
import { showIdentity } from "../../core/redact.ts";
import { capitalised, localTime } from "../../locales/grammar.ts";
import { approvalCommand } from "../approval-command.ts";
import { planForm, printable } from "../forms.ts";
import { fieldName } from "../language.ts";
import type { Cause, Section } from "../overview/overview.ts";
import { headlineOf, isHint, isOfConfig, planOverview } from "../overview/plan-overview.ts";
import { leavesOf } from "../overview/rule-values.ts";
import type { PlanFacts, SavedPlan, SyncPlan } from "../types/plan.ts";
import type { RenderOptions } from "../types/report.ts";
import { areaSection, reasonList } from "./areas.ts";
import { gauges, renderPage } from "./render.ts";
import { type PageLanguage, pageLanguage } from "./words.ts";

export async function planPage(plan: SyncPlan | SavedPlan, given: RenderOptions = {}): Promise<string> {
  const isLive = "apply" in plan;
  const saved: PlanFacts = isLive ? printable(planForm, plan) : plan;
  const { language, locate, reveal = false, command = approvalCommand(saved) } = given;
  const words = pageLanguage(language);
  const { page, say, told } = words;
  const { refusals, warnings, limits } = saved;
  const isRefused = refusals.length > 0;
  const { figures, sections, causes, consequence, first } = planOverview(
    saved,
    { language },
    reveal && isLive ? valuesOf(plan, words) : undefined,
  );
  const listed = (role: Section["role"]) => sections.filter((section) => section.role === role);
  const hasChanges = listed("sent").some(({ items }) => items.length > 0);
  const what = hasChanges || isRefused ? [capitalised(page.plan_title(headlineOf(saved)))] : [];
  const confirmed = figures.filter(({ kind, amount }) => kind === "refreshed" && amount > 0);
  const isIdle = !hasChanges && confirmed.length === 0;
  return renderPage(
    {
      title: isRefused ? say("plan_refused") : isIdle ? say("nothing_to_send") : say("guard_lets_through"),
      lead: leadOf(saved, words),
      tone: isRefused ? "bad" : "good",
      consequences: [
        ...what,
        ...(consequence === undefined ? [] : [consequence]),
        ...confirmed.map((figure) => `${words.number(figure.amount)} ${figure.words}.`),
      ],
      more: [
        causesPart(causes, words),
        ...(isRefused ? [html`<h2>${say("why_refused")}</h2>${reasonList(refusals, words)}`] : []),
        ...(isIdle && !isRefused ? [] : [approval(saved, command, words)]),
      ],
      figures,
      warnings: [
        ...first,
        ...warnings.filter((one) => one.code !== "policy" && (isHint(one) || isOfConfig(one))).map(told),
      ],
      middle: [areaSection(saved, locate, words), gauges(limits, words)],
      lists: [
        [say("is_sent"), listed("sent")],
        [say("not_sent"), listed("unsent")],
      ],
    },
    words,
  );
}

function leadOf({ counts, testMode, platform, selection, made }: PlanFacts, { page, say }: PageLanguage): string {
  const at = made?.at === undefined ? undefined : localTime(made.at, false);
  const known = { at, by: made?.by ?? undefined, from: made?.from ?? selection.sourceFile ?? undefined };
  const isKnown = Object.values(known).some((one) => one !== undefined);
  return [
    ...(made?.company == null ? [] : [`${made.company}.`]),
    ...(isKnown ? [page.plan_made(known)] : []),
    page.read({ count: counts.records, platform: platform.name ?? platform.baseUrl }),
    ...(testMode ? [say("test_mode")] : []),
  ].join(" ");
}

function causesPart(causes: readonly Cause[], { page }: PageLanguage): Html | undefined {
  if (causes.length === 0) return undefined;
  const items = causes.map(({ text, segments }) => {
    const bySegment = segments.length === 0 ? undefined : html` <small>${page.by_segment({ segments })}</small>`;
    return html`<li>${text}${bySegment}</li>`;
  });
  return html`<ul class="reasons">${items}</ul>`;
}

function valuesOf({ changes, diff, columns = {} }: SyncPlan, words: PageLanguage): (index: number) => string[] {
  return (index) => {
    const lines = diff(changes[index]?.accountNumber ?? "", { reveal: true })?.lines ?? [];
    return lines.flatMap(({ path, value }) => {
      // The notes of the change have both values of a rule.
      if (path.startsWith("rules.")) return [];
      const name = columns[path] ?? fieldName(words, path);
      return [words.page.value_now({ name, value: leavesOf(value).join(", ") })];
    });
  };
}

function approval(
  { hash, refusals, selection, changes, estimate }: PlanFacts,
  command: string,
  { page, say }: PageLanguage,
): Html {
  const { only, limit } = selection;
  const wanted = only && new Set(only);
  const chosen = wanted ? changes.filter(({ accountNumber }) => wanted.has(accountNumber)).length : changes.length;
  // Hidden account numbers cannot be matched with `only`.
  const isCountable = changes.every(({ accountNumber }) => showIdentity(accountNumber) === accountNumber);
  const part = { sent: Math.min(chosen, limit ?? chosen), all: changes.length };
  const title = refusals.length > 0 ? say("to_approve_refused") : say("to_send_now");
  const takes =
    estimate.requests === 0 || estimate.durationMs == null
      ? undefined
      : page.takes({ count: estimate.requests, ms: estimate.durationMs });
  return html`<details class="action"><summary>${title}</summary><p><code class="command">${command}</code></p><p class="note">${page.plan_hash({ hash })}. ${takes}</p>${part.sent < part.all && (!wanted || isCountable) ? html`<p><b>${page.sends_part(part)}</b></p>` : undefined}<p class="note">${say("sends_this_plan")}</p></details>`;
}
