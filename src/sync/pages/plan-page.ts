import { type Html, html } from "../../core/page.ts";
import { showIdentity } from "../../core/redact.ts";
import { capitalised } from "../../locales/grammar.ts";
import { approvalCommand } from "../approval-command.ts";
import { planForm, printable } from "../forms.ts";
import type { Cause, Section } from "../overview/overview.ts";
import { headlineOf, isHint, isReadFirst, planOverview } from "../overview/plan-overview.ts";
import type { PlanFacts, SavedPlan, SyncPlan } from "../types/plan.ts";
import type { RenderOptions } from "../types/report.ts";
import { areaSection } from "./areas.ts";
import { gauges, inCode, type PageContent, renderPage, sentences } from "./render.ts";
import { type PageLanguage, pageLanguage } from "./words.ts";

export async function planPage(plan: SyncPlan | SavedPlan, given: RenderOptions = {}): Promise<string> {
  const isLive = "apply" in plan;
  const saved: PlanFacts = isLive ? printable(planForm, plan) : plan;
  const { language, locate, reveal = false, command = approvalCommand(saved) } = given;
  const words = pageLanguage(language);
  const { page, say, told } = words;
  const { refusals, warnings, limits, estimate } = saved;
  const isRefused = refusals.length > 0;
  const { figures, sections, causes } = planOverview(
    saved,
    { language },
    reveal && isLive ? valuesOf(plan) : undefined,
  );
  const listed = (role: Section["role"]) => sections.filter((section) => section.role === role);
  const isIdle = listed("sent").every(({ items }) => items.length === 0);
  return renderPage(
    {
      title: capitalised(page.plan_title(headlineOf(saved))),
      lead: leadOf(saved, isIdle, words),
      tone: isRefused ? "bad" : "good",
      verdict: isRefused ? say("plan_refused") : isIdle ? say("nothing_to_send") : say("guard_lets_through"),
      reasons: [],
      more: [
        causesPart(causes, words),
        ...(isRefused ? [reasonsOf(saved, command, words)] : []),
        gauges(limits, words),
        ...(isIdle || isRefused ? [] : [approval(saved, command, words)]),
      ],
      figures,
      cost: costOf(estimate, words),
      warnings: warnings.filter((one) => one.code !== "policy" && isHint(one)).map(told),
      middle: areaSection(saved, locate, words),
      lists: [
        [say("is_sent"), listed("sent")],
        [say("not_sent"), listed("unsent")],
      ],
    },
    words,
  );
}

function leadOf(plan: PlanFacts, isIdle: boolean, { page, say, told }: PageLanguage): Html {
  const { refusals, warnings, counts, testMode, platform, selection, made: known } = plan;
  const asked = refusals.length > 0 ? say("is_refused") : isIdle ? undefined : say("is_let_through");
  const from = known?.from ?? selection.sourceFile ?? undefined;
  const made = { at: known?.at?.slice(0, 16).replace("T", " "), by: known?.by ?? undefined, from };
  const isKnown = Object.values(made).some((one) => one !== undefined);
  const facts = [
    page.read({ count: counts.records, platform: platform.name ?? platform.baseUrl }),
    ...(isKnown ? [page.plan_made(made)] : []),
    ...(testMode ? [say("test_mode")] : []),
  ];
  const first = warnings.filter(isReadFirst).map((one) => html`<br><strong>${inCode(told(one))}</strong>`);
  const heading = [known?.company, asked].filter((one) => one != null).join(" · ");
  return html`${heading === "" ? undefined : html`<b>${heading}</b><br>`}${facts.join(" ")}${first}`;
}

// The command comes last, so that a person reads the reasons first.
function reasonsOf(plan: PlanFacts, command: string, words: PageLanguage): Html {
  const { page, told } = words;
  const reasons = plan.refusals.map(told);
  return html`<details class="reasons-first"><summary>${page.reasons({ count: reasons.length })}</summary>${sentences(reasons, page)}${approval(plan, command, words)}</details>`;
}

function causesPart(causes: readonly Cause[], { page, say }: PageLanguage): Html | undefined {
  if (causes.length === 0) return undefined;
  const items = causes.map(({ text, segments }) => {
    const bySegment = segments.length === 0 ? undefined : html` <small>${page.by_segment({ segments })}</small>`;
    return html`<li>${text}${bySegment}</li>`;
  });
  return html`<h3>${say("causes")}</h3><ul class="reasons causes">${items}</ul>`;
}

function costOf({ requests, durationMs }: PlanFacts["estimate"], { page, say }: PageLanguage): PageContent["cost"] {
  if (requests === 0 || durationMs == null) return undefined;
  return {
    value: page.time_to_send({ ms: durationMs }),
    label: say("to_send"),
    title: page.requests({ count: requests }),
  };
}

function valuesOf({ changes, diff }: SyncPlan): (index: number) => string[] {
  return (index) => {
    const lines = diff(changes[index]?.accountNumber ?? "", { reveal: true })?.lines ?? [];
    return lines.map(({ path, was, value }) => {
      const values = [was, value].filter((one) => one !== undefined);
      // A removed field has no new value: the arrow is at the end.
      return `${path}: ${values.map((one) => JSON.stringify(one)).join(" → ")}${value === undefined ? " →" : ""}`;
    });
  };
}

function approval(
  { hash, refusals, selection, changes }: PlanFacts,
  command: string,
  { page, say }: PageLanguage,
): Html {
  const { only, limit } = selection;
  const wanted = only && new Set(only);
  const chosen = wanted ? changes.filter(({ accountNumber }) => wanted.has(accountNumber)).length : changes.length;
  // Hidden account numbers cannot be matched with `only`.
  const isCountable = changes.every(({ accountNumber }) => showIdentity(accountNumber) === accountNumber);
  const part = { sent: Math.min(chosen, limit ?? chosen), all: changes.length };
  return html`<h3>${refusals.length > 0 ? say("to_approve_refused") : say("to_send_now")}</h3><p><code class="command">${command}</code> <small>${page.plan_hash({ hash })}</small></p>${part.sent < part.all && (!wanted || isCountable) ? html`<p><b>${page.sends_part(part)}</b></p>` : undefined}<p class="note">${say("sends_this_plan")}</p>`;
}
