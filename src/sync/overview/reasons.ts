import type { Language } from "../language.ts";
import type { GuardFinding, SyncWarning } from "../types/messages.ts";

type Told = GuardFinding | SyncWarning;

export interface Reason<Finding extends Told = Told> {
  readonly finding: Finding;
  readonly text: string;
}

// One sentence for all findings of one code, which names their segments. Policies come first: they say what people lose.
export function reasonsOf<Finding extends Told>(
  findings: readonly Finding[],
  { told, overview }: Pick<Language, "told" | "overview">,
): Reason<Finding>[] {
  const rank = ({ code }: Finding): number => Number(code !== "policy");
  return findings
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((finding, _, all) => {
      if (finding.code === "policy") {
        const { causes } = finding.parameters;
        const parameters = { ...finding.parameters, causes: causes.length === 1 ? causes : [] };
        return [{ finding, text: told({ ...finding, parameters }) }];
      }
      const same = all.filter(({ code }) => code === finding.code);
      const inSegments = same.flatMap((one) => segmentIn(one) ?? []).sort((a, b) => b.share - a.share);
      const lead = same.find((one) => !segmentIn(one)) ?? inSegments[0]?.one;
      if (inSegments.length === 0) return [{ finding, text: told(finding) }];
      if (finding !== lead) return [];
      const segments = inSegments.filter(({ one }) => one !== lead);
      const texts = [told(finding), ...(segments.length === 0 ? [] : [overview.in_segments({ segments })])];
      return [{ finding, text: texts.join(" ") }];
    });
}

// The share of the segment's users. NaN: the finding has no share.
function segmentIn<Finding extends Told>(one: Finding) {
  const figures: Readonly<Record<string, unknown>> = Object(one.parameters);
  const { segment, comparable = figures.population } = figures;
  if (typeof segment !== "string") return undefined;
  const users = ["changed", "missing", "moved", "invalid", "added"].map((name) => Number(figures[name] ?? 0));
  return { one, name: segment, share: users.reduce((sum, amount) => sum + amount, 0) / Number(comparable) };
}
