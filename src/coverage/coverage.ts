import { invalid } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { endIfAborted, inTurns } from "../core/time.ts";
import {
  argumentsCheck,
  iterable,
  options,
  optionsCheck,
  signal as signalKind,
  wholeNumber,
} from "../core/validate.ts";
import { append } from "../core/values.ts";
import { tellCoverageOption } from "../locales/en/coverage.ts";
import { dependsOn, resolveAssumptions } from "./assumptions.ts";
import { checkLead, explanationOf } from "./explain.ts";
import { placesOf } from "./finding.ts";
import type { CoverageFinding, FindingKind } from "./messages.ts";
import { Network } from "./network.ts";
import { placeFindings } from "./places.ts";
import { checkedLocate, checkKinds, evaluation, readUsers, universe } from "./read-input.ts";
import { notCountedAmong } from "./receiving.ts";
import type {
  CoverageResult,
  CoverageUser,
  EvaluationOptions,
  Locate,
  PostcodeClass,
  SignalOptions,
  Universe,
} from "./types.ts";

/** Options of {@link coverage}. */
export interface CoverageOptions extends EvaluationOptions {
  /** All leads that can exist. */
  readonly universe: Universe;
  /** More eligible users than this for one lead are an overlap. Default: overlaps are not looked for. */
  readonly overlapAbove?: number | undefined;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("coverage", () => ({ users: iterable() }));

/** @throws {@link OpleadError} `invalid_options`, with every problem. */
export const checkCoverageOptions = /* @__PURE__ */ optionsCheck<CoverageOptions>("coverage", () =>
  options({ overlapAbove: wholeNumber(1, Number.MAX_SAFE_INTEGER), ...evaluation() }, { universe: universe() }),
);

const checkExplain = /* @__PURE__ */ optionsCheck<SignalOptions>("explain", () => options({ signal: signalKind() }));

/**
 * Finds what the rules of all users cover together: where no user, only one, or too many are eligible. Sends nothing and
 * changes nothing.
 *
 * @throws {@link OpleadError} `invalid_options` for options that are wrong or not known, such as a universe without
 * countries, and, with the issue `too_many_kinds`, for more than 20,000 kinds of leads; `aborted`; `invalid_input` for
 * a user without an account number, and for two users with the same one. Rules that are not valid are uncertain, and
 * findings name them.
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

/**
 * Computes {@link coverage}. If `othersHaveRules` is true, users without rules do not count. If it is undefined, users
 * without rules do not count as soon as one of `users` has rules.
 */
export async function coverageAmong(
  users: Iterable<CoverageUser>,
  options: CoverageOptions,
  othersHaveRules: boolean | undefined,
): Promise<CoverageResult> {
  checkArguments({ users });
  checkCoverageOptions(options);
  const { universe, overlapAbove, signal } = options;
  const locate = checkedLocate(options.locate);
  const assumptions = resolveAssumptions(options.assumptions);
  const given = [...users];
  const work = { caller: "coverage", signal };
  endIfAborted(work);
  const read = readUsers(given, assumptions, work.caller, options.receives);
  const world = { users: read, universe, assumptions, locate, overlapAbove, checkKinds, othersHaveRules };
  const network = await Network.of(world, (items) => inTurns(items, work));
  const members = network.users.map(({ member }) => member);
  const findings = findingsOf(network);
  let classes: PostcodeClass[] | undefined;
  const result: CoverageResult = {
    assumptions: dependsOn(
      members,
      {
        hasRequestTypes: network.cells.codes.requestTypes.length > 0,
        hasZipInTwoCounties: network.spots.all.some(({ counties }) => (counties?.length ?? 0) > 1),
        leavesCodesOut: network.leavesCodesOut,
      },
      assumptions,
    ),
    // The list of classes is made when it is first read, because it is long and many callers don't read it.
    get classes() {
      classes ??= postcodeClasses(network);
      return classes;
    },
    findings,
    notCounted: notCountedAmong(read, network.othersHaveRules, ({ accountNumber }) => accountNumber),
    eligible(lead) {
      checkLead(lead);
      return network.eligible(lead);
    },
    async explain(lead, options = {}) {
      checkExplain(options);
      checkLead(lead);
      const { geography, members: all } = network;
      return explanationOf(
        lead,
        { members: all, geography, assumptions },
        { caller: "explain", signal: options.signal },
      );
    },
  };
  internals.set(result, { network, locate, receives: options.receives, users: given });
  return result;
}

const ORDER: readonly FindingKind[] = ["gap", "thin", "overlap"];

/**
 * All findings, sorted by kind. Within a kind, certain findings come first, and then those with the most inhabitants.
 */
function findingsOf(network: Network): CoverageFinding[] {
  return placeFindings(network).sort(
    (a, b) =>
      ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
      Number(b.certain) - Number(a.certain) ||
      (b.inhabitants ?? 0) - (a.inhabitants ?? 0) ||
      b.zipCodes.length - a.zipCodes.length,
  );
}

/** The classes of places, split by country. */
function postcodeClasses(network: Network): PostcodeClass[] {
  return network.classes.flatMap((spotClass) => {
    const byCountry = new Map<string, number[]>();
    for (const spot of spotClass.spots) append(byCountry, network.spots.at(spot).country, spot);
    const eligible = network.usersOf(spotClass, "pass").map(({ accountNumber }) => accountNumber);
    const uncertain = network.usersOf(spotClass, "uncertain").map(({ accountNumber }) => accountNumber);
    return [...byCountry].map(([country, spots]) => ({ country, ...placesOf(network, spots), eligible, uncertain }));
  });
}

export interface CoverageInternals {
  readonly network: Network;
  readonly locate: Locate | undefined;
  readonly receives: EvaluationOptions["receives"];
  /** The users as the caller gave them. The report reads their names if names were asked for. */
  readonly users: readonly CoverageUser[];
}

// For each result, its network and users. They are kept outside of the result, because otherwise the result's JSON
// would be long and hold personal data.
const internals = new WeakMap<object, CoverageInternals>();

/** @throws {@link OpleadError} `invalid_input` for a result that `coverage` did not return. */
export function internalsOf(result: CoverageResult, what: string): CoverageInternals {
  const kept = typeof result === "object" && result !== null ? internals.get(result) : undefined;
  if (kept) return kept;
  throw invalid("invalid_input", what, [issueAt("", tellCoverageOption("not_coverage_result"))]);
}
