import type { Session } from "../session/session.ts";
import type { Context } from "../shell/context.ts";
import { geography } from "./locate.ts";

/** What a plan changes in the coverage; nothing unless the config says `coverage: true`. */
export async function coverageLines(session: Session, context: Context): Promise<string[]> {
  const { covered } = session;
  if (!covered) return [];
  const before = covered.before();
  if (!before) return ["Coverage: nothing to compare with yet; the first run writes oplead-coverage.json."];
  const { compareCoverage, coverage } = await import("oplead-sdk/coverage");
  const { countries, locate } = await geography(session, context, covered.now, false);
  const options = { universe: { countries }, locate };
  const { summary } = compareCoverage(coverage(before, options), coverage(covered.now, options));
  return summary.length === 0
    ? ["Coverage: no change."]
    : [["Coverage:", ...summary.map((line) => `  ${line}`)].join("\n")];
}
