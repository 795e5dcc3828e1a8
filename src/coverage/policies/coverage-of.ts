import type { PolicyContext, PolicyUser } from "../../policy-types.ts";
import { coverage } from "../coverage.ts";
import type { CoverageResult } from "../types.ts";
import { checkContext } from "./maps.ts";

/**
 * The coverage before and after a plan, for a policy of one's own. A rule of which it is not known what Oplead has counts as not valid, so it is
 * uncertain; a leaver that no longer counts is left out.
 *
 * @throws {@link OpleadError} `invalid_input` for something else than `judge` is given; what {@link coverage} throws.
 * @experimental
 */
export async function coverageOf(
  context: PolicyContext,
): Promise<{ readonly before: CoverageResult; readonly after: CoverageResult }> {
  checkContext(context, "coverageOf");
  const { unchanged, changes, universe, locate, assumptions, signal } = context;
  const options = { universe, locate, assumptions, signal };
  const before = [...unchanged, ...changes.flatMap((change) => change.before ?? [])];
  const was = await coverage(usersOf(before), options);
  if (changes.length === 0) return { before: was, after: was };
  const after = [...unchanged, ...changes.map((change) => change.after)];
  return { before: was, after: await coverage(usersOf(after), options) };
}

function usersOf(users: readonly PolicyUser[]): PolicyUser[] {
  return users.filter(({ counts }) => counts !== false);
}
