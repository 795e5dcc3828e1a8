import { invalid } from "../../core/errors.ts";
import { issueAt, type OpleadIssue } from "../../core/issues.ts";
import { argumentsCheck, text } from "../../core/validate.ts";
import { tellCoverageOption } from "../../locales/en/coverage.ts";
import { type PolicyFacts, tellPolicy } from "../../locales/en/findings.ts";
import type { Mask } from "../masks.ts";
import type { Network } from "../network.ts";
import { AXES } from "../rules/rules.ts";
import type { Dimensions, PolicyFinding } from "../types.ts";

/** The area that a policy judges: a country, or some of its counties and postcodes. */
export interface PolicyArea {
  /** The code of the country: two capital letters, such as `FR`. */
  readonly country: string;
  /** Numbers of counties. With `zipCodes`, the area is the union of both. */
  readonly counties?: readonly string[] | undefined;
  readonly zipCodes?: readonly string[] | undefined;
}

// Throws for a place that the universe lacks, because a policy with a typing error would pass every plan.
export function spotsOf(
  policy: string,
  { country, counties, zipCodes }: PolicyArea,
  { spots }: Network,
): ReadonlySet<number> {
  const unknown: OpleadIssue[] = [];
  const known = (path: string, found: readonly number[]): readonly number[] => {
    if (found.length === 0) unknown.push(issueAt(path, tellCoverageOption("not_in_universe")));
    return found;
  };
  const parts = [
    ...(counties ?? []).map((county, at) => known(`where.counties[${at}]`, spots.ofCounty(country, county))),
    ...(zipCodes ?? []).map((zip, at) => {
      const spot = spots.ofZip(country, zip);
      return known(`where.zipCodes[${at}]`, spot === undefined ? [] : [spot]);
    }),
    ...(counties || zipCodes ? [] : [known("where.country", spots.ofCountry(country))]),
  ];
  refuse(policy, unknown);
  return new Set(parts.flat());
}

export function cellsOf(policy: string, dimensions: Dimensions | undefined, { cells }: Network): Mask {
  const unknown = AXES.flatMap(({ codes: name }) =>
    (dimensions?.[name] ?? []).flatMap((code, at) =>
      cells.codes[name].includes(code) ? [] : [issueAt(`for.${name}[${at}]`, tellCoverageOption("not_in_universe"))],
    ),
  );
  refuse(policy, unknown);
  return dimensions ? cells.of(dimensions) : cells.all();
}

function refuse(policy: string, issues: readonly OpleadIssue[]): void {
  if (issues.length > 0) throw invalid("invalid_options", `the policy ${policy} cannot be judged`, issues);
}

const checkArguments = /* @__PURE__ */ argumentsCheck("policyFinding", () => ({ policy: text() }));

/**
 * A finding for the `judge` of your own policy. Without `problem`, its message is `text`. Default: about the plan as a
 * whole.
 *
 * @throws {@link OpleadError} `invalid_input` without the name of the policy.
 * @experimental
 */
export function policyFinding(facts: Pick<PolicyFacts, "policy"> & Partial<PolicyFacts>): PolicyFinding {
  checkArguments({ policy: Object(facts).policy });
  return tellPolicy("policy", {
    problem: "other",
    text: undefined,
    isState: false,
    zipCodes: [],
    places: facts.zipCodes?.length ?? 0,
    inhabitants: undefined,
    counties: [],
    kinds: [],
    users: [],
    causes: [],
    assumptions: [],
    withoutPlace: [],
    ...facts,
  });
}
