import { type Html, html } from "../../core/page.ts";
import { showIdentity } from "../../core/redact.ts";
import { boolean, func, oneOf, options, optionsCheck, text } from "../../core/validate.ts";
import { approvalCommand } from "../approval-command.ts";
import { planForm, printable } from "../forms.ts";
import type { Section } from "../overview/overview.ts";
import { planOverview } from "../overview/plan-overview.ts";
import type { PlanFacts, PlanPageOptions, SavedPlan, SyncPlan } from "../types/plan.ts";
import { areaSection } from "./areas.ts";
import { gauges, renderPage } from "./render.ts";
import { fieldName, type Words, wordsIn } from "./words.ts";

const checkOptions = optionsCheck<PlanPageOptions>("toHtml", () =>
  options({ language: oneOf("en", "fr"), command: text(), locate: func(), reveal: boolean() }),
);

/** The page of a plan, or of a saved one that was checked: see {@link SyncPlan.toHtml}. */
export async function planPage(plan: SyncPlan | SavedPlan, given: PlanPageOptions = {}): Promise<string> {
  checkOptions(given);
  const isLive = "apply" in plan;
  const saved: PlanFacts = isLive ? printable(planForm, plan) : plan;
  const { language, locate, reveal = false, command = approvalCommand(saved) } = given;
  const words = wordsIn(language);
  const { page, say, told } = words;
  const { refusals, warnings, counts, hash, testMode, platform, limits, estimate } = saved;
  const isRefused = refusals.length > 0;
  const { figures, sections } = planOverview(
    saved,
    { language },
    { named: (name) => fieldName(words, name), valuesOf: reveal && isLive ? valuesOf(plan) : undefined },
  );
  const listed = (role: Section["role"]) => sections.filter((section) => section.role === role);
  const isIdle = listed("sent").every(({ items }) => items.length === 0);
  return renderPage(
    {
      title: page.plan_title({ hash }),
      lead: `${page.read({ count: counts.records, platform: platform.baseUrl })}${testMode ? ` ${say("test_mode")}` : ""}`,
      tone: isRefused ? "bad" : "good",
      verdict: isRefused ? say("plan_refused") : isIdle ? say("nothing_to_send") : say("guard_lets_through"),
      reasons: refusals.map(told),
      more: [gauges(limits, words), ...(isIdle ? [] : [approval(saved, command, words)])],
      figures,
      cost: {
        amount: estimate.requests,
        label: page.requests({ count: estimate.requests, ms: estimate.durationMs ?? undefined }),
      },
      warnings: warnings.filter(({ code }) => code !== "policy").map(told),
      middle: areaSection(saved, locate, words),
      lists: [
        [say("is_sent"), listed("sent")],
        [say("not_sent"), listed("unsent")],
      ],
    },
    words,
  );
}

/** The values of a change, by its place in the plan. */
function valuesOf({ changes, diff }: SyncPlan): (index: number) => string[] {
  return (index) => {
    const lines = diff(changes[index]?.accountNumber ?? "", { reveal: true })?.lines ?? [];
    return lines.map(({ path, was, value }) => {
      const values = [was, value].filter((one) => one !== undefined);
      // Nothing follows the arrow where a field is removed.
      return `${path}: ${values.map((one) => JSON.stringify(one)).join(" → ")}${value === undefined ? " →" : ""}`;
    });
  };
}

function approval({ refusals, selection, changes }: PlanFacts, command: string, { page, say }: Words): Html {
  const { only, limit } = selection;
  const wanted = only && new Set(only);
  const chosen = wanted ? changes.filter(({ accountNumber }) => wanted.has(accountNumber)).length : changes.length;
  // Those that are not shown cannot be found again.
  const isCountable = changes.every(({ accountNumber }) => showIdentity(accountNumber) === accountNumber);
  const part = { sent: Math.min(chosen, limit ?? chosen), all: changes.length };
  return html`<h3>${refusals.length > 0 ? say("to_approve_refused") : say("to_approve")}</h3><p><code class="command">${command}</code></p>${part.sent < part.all && (!wanted || isCountable) ? html`<p><b>${page.sends_part(part)}</b></p>` : undefined}<p class="note">${say("sends_this_plan")}</p>`;
}
