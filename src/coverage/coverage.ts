import { endIfAborted, inTurns } from "../core/time.ts";
import { argumentsCheck, iterable, options, optionsCheck, signal as signalKind } from "../core/validate.ts";
import { append } from "../core/values.ts";
import type { CallOptions } from "../transport/options.ts";
import { dependsOn, resolveAssumptions } from "./assumptions.ts";
import { checkLead, explanationOf, rendered } from "./explain.ts";
import { placesOf } from "./finding.ts";
import { keepInternals } from "./internals.ts";
import { memberOf, notCountedMembers } from "./member.ts";
import type { CoverageFinding } from "./messages.ts";
import { Network } from "./network.ts";
import { placeFindings } from "./places.ts";
import { checkedLocate, checkKinds, evaluation, readUsers, universe } from "./read-input.ts";
import type { CoverageResult, CoverageUser, EvaluationOptions, PostcodeClass, Universe } from "./types.ts";

/** Options of {@link coverage}. */
export interface CoverageOptions extends EvaluationOptions, Pick<CallOptions, "signal"> {
  /** All leads that can exist. */
  readonly universe: Universe;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("coverage", () => ({ users: iterable() }));

export const checkCoverageOptions = /* @__PURE__ */ optionsCheck<CoverageOptions>("coverage", () =>
  options({ ...evaluation(), signal: signalKind() }, { universe: universe() }),
);

const checkExplain = /* @__PURE__ */ optionsCheck<Pick<CallOptions, "signal">>("explain", () =>
  options({ signal: signalKind() }),
);

/**
 * Where no user, or only one, is eligible. A user without a known place covers nothing by distance, a rule
 * that is not valid admits no lead, and `notCounted` names both. Sends nothing.
 *
 * @throws {@link OpleadError} `invalid_options`, with the issue `too_many_kinds` for more than 20,000 kinds of leads;
 * `aborted`; `invalid_input` for a user without an account number, and for two users with the same one.
 *
 * @example
 * ```ts
 * const { findings } = await coverage(records, { universe: { countries: [await oplead.getCountry("FR")] }, locate });
 * ```
 * @experimental
 */
export function coverage(users: Iterable<CoverageUser>, options: CoverageOptions): Promise<CoverageResult> {
  return coverageAmong(users, options, undefined);
}

// `othersHaveRules`: see `World`.
export async function coverageAmong(
  users: Iterable<CoverageUser>,
  options: CoverageOptions,
  othersHaveRules: boolean | undefined,
): Promise<CoverageResult> {
  checkArguments({ users });
  checkCoverageOptions(options);
  const { universe, signal } = options;
  const locate = checkedLocate(options.locate);
  const assumptions = resolveAssumptions(options.assumptions);
  const given = [...users];
  const work = { caller: "coverage", signal };
  endIfAborted(work);
  const read = readUsers(given, assumptions, work.caller, options.receives);
  const present = read.filter(({ notCounted }) => !notCounted);
  const world = { users: present, universe, assumptions, locate, checkKinds, othersHaveRules };
  const network = await Network.of(world, (items) => inTurns(items, work));
  const findings = findingsOf(network);
  const { cells, geography, othersHaveRules: areOthers } = network;
  const absent = read.flatMap((user) => (user.notCounted ? memberOf(user, geography, areOthers) : []));
  const members = [...network.members, ...absent];
  const inner = { network, locate, receives: options.receives, users: given };
  let classes: PostcodeClass[] | undefined;
  const result: CoverageResult = {
    assumptions: dependsOn(network),
    // Made when first read: the list is long, and many callers do not read it.
    get classes() {
      classes ??= postcodeClasses(network);
      return classes;
    },
    findings,
    notCounted: notCountedMembers(members, assumptions),
    eligible(lead) {
      checkLead(lead);
      return network.eligible(lead);
    },
    async explain(lead, options = {}) {
      checkExplain(options);
      checkLead(lead);
      const work = { caller: "explain", signal: options.signal };
      const complete = await explanationOf(cells.complete(lead), { members, geography, assumptions }, work);
      return rendered({ ...complete, lead });
    },
    async render(as, options) {
      return (await import("./page/report.ts")).renderCoverage(result, inner, coverage, as, options);
    },
  };
  keepInternals(result, inner);
  return result;
}

const ORDER: readonly CoverageFinding["kind"][] = ["gap", "thin"];

function findingsOf(network: Network): CoverageFinding[] {
  return placeFindings(network).sort(
    (a, b) =>
      ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
      (b.inhabitants ?? 0) - (a.inhabitants ?? 0) ||
      b.zipCodes.length - a.zipCodes.length,
  );
}

// Splits each class by country.
function postcodeClasses(network: Network): PostcodeClass[] {
  return network.classes.flatMap((spotClass) => {
    const byCountry = new Map<string, number[]>();
    for (const spot of spotClass.spots) append(byCountry, network.spots.at(spot).country, spot);
    const eligible = network.usersOf(spotClass).map(({ accountNumber }) => accountNumber);
    return [...byCountry].map(([country, spots]) => ({ country, ...placesOf(network, spots), eligible }));
  });
}
