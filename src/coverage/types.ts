// The types have a file of their own, because policies of plans need them and nothing else of coverage.

import type { LanguageOptions } from "../core/names.ts";
import type { Coded, ToldWith } from "../locales/coded.ts";
import type { PolicyFacts } from "../locales/en/findings.ts";
import type { NOT_COUNTED } from "../locales/en/not-counted.ts";
import type { CountryDetails } from "../rules/countries.ts";
import type { UserRules } from "../rules/rules.ts";
import type { Coordinates, Dimensions, Lead, RuleName } from "../rules/types.ts";
import type { CallOptions } from "../transport/options.ts";
import type { CoverageFinding, RuleChange, RuleReason } from "./messages.ts";

/** A user with its rules, such as what the `map` of `planSync` returns. Only the fields named here are read. */
export interface CoverageUser {
  readonly user: {
    /** Required: results name users by it. */
    readonly accountNumber?: string | undefined;
    /** Where `maxDistance` is measured from, unless the user has {@link CoverageUser.coordinates}. */
    readonly address?:
      | { readonly zipCode?: string | undefined; readonly country?: { readonly code: string } | undefined }
      | undefined;
    /** This field and those below it are read only by {@link EvaluationOptions.receives}. */
    readonly profile?: { readonly code: string } | undefined;
    readonly firstname?: string | undefined;
    readonly lastname?: string | undefined;
    readonly company?: string | undefined;
  };
  readonly rules?: UserRules | undefined;
  /** The rules whose content in Oplead is not known. They admit no lead. Default: none. */
  readonly unknown?: readonly RuleName[] | undefined;
  /** The user's position, where it is known more exactly than the postcode. */
  readonly coordinates?: Coordinates | undefined;
  /** Row in the source, which {@link NotCounted} names. */
  readonly row?: number | string | undefined;
  /**
   * Why the user does not count: its record is `invalid`, Oplead `refused` it, or it `left` the source and Oplead still
   * has it with these rules. Default: it counts.
   */
  readonly notCounted?: "invalid" | "refused" | "left" | undefined;
}

/** The known facts about a postcode. */
export interface Place {
  /** The centre of the postcode. */
  readonly coordinates?: Coordinates | undefined;
  /** Largest distance between the centre and a point of the postcode, in km. Distances state it. Default 0. */
  readonly uncertaintyKm?: number | undefined;
  readonly inhabitants?: number | undefined;
  /** Numbers of the postcode's counties, used only if the reference data has none for it. */
  readonly counties?: readonly string[] | undefined;
}

/** The place of a postcode; undefined if it is not known. `oplead-sdk/coverage/france` has one for France. */
export type Locate = (zipCode: string, country: string) => Place | undefined;

/**
 * What is taken for granted where Oplead documents nothing. Results name the assumptions that they rest on. Replace
 * one if your platform differs: `coverage(users, { universe, assumptions: { … } })`.
 * @experimental
 */
export interface Assumptions {
  /** Rules that the platform has enabled. Others have no effect. Default: all. */
  readonly enabledRules: readonly RuleName[];
  /** Leads of a user without the rule. Default `"admits_all"`: an absent rule restricts nothing. */
  readonly absentRule: "admits_all" | "admits_none";
  /** Leads that a rule with an empty list admits. Default `"admits_none"`. */
  readonly emptyRule: "admits_none" | "admits_all";
  /** How rules combine. Default `"all"`: every rule must pass. `"area_or_radius"`: of `geographical` and `maxDistance`, one is enough. */
  readonly combination: "all" | "area_or_radius";
  /**
   * Where `maxDistance` is measured from. Default `"address"`: the user's coordinates, or else the centre of its
   * postcode. A function gives another place, for example the parent's.
   */
  readonly distanceFrom: "address" | ((user: CoverageUser) => Coordinates | undefined);
  /** Distance that Oplead measures, divided by the straight line. Default 1; roads: about 1.3. */
  readonly detourFactor: number;
  /** What a country without counties, or a county without postcodes, covers in a rule. Default `"whole"`. */
  readonly partsLeftOut: "whole" | "nothing";
  /** Which counties of a postcode in two counties must be covered. Default `"any"`. */
  readonly zipInTwoCounties: "any" | "all";
  /** Request types of a competence that names none. Default `"all_request_types"`. */
  readonly rangeAlone: "all_request_types" | "no_request_type";
  /**
   * Codes that exist where the universe leaves out their list. Default `"those_in_rules"`: those that users' rules name.
   * `"not_distinguished"`: leads are not told apart by them, and one code of a rule is enough.
   */
  readonly codesLeftOut: "those_in_rules" | "not_distinguished";
  /** @internal Assumptions that a probe confirmed or corrected: facts, which results do not list. Default: none. */
  readonly known?: readonly AssumptionName[] | undefined;
}

/** The name of an assumption, as results list it. @experimental */
export type AssumptionName = Exclude<keyof Assumptions, "known">;

/**
 * All leads that can exist: every combination of the codes in these lists. An empty list: the platform has no such
 * codes. Profile types default to `["pro", "single"]`, as documented; another list that you omit follows the assumption
 * `codesLeftOut`.
 */
export interface Universe extends Dimensions {
  /** What `getCountry` returns: countries with their counties and postcodes. */
  readonly countries: readonly CountryDetails[];
}

export type { Coordinates, Dimensions, Lead, LeadAxis, LeadCodes } from "../rules/types.ts";

/** Options that {@link explainLead} and {@link coverage} share. */
export interface EvaluationOptions {
  /** Replaces some of {@link defaultAssumptions}. */
  readonly assumptions?: Partial<Assumptions> | undefined;
  /** Places of postcodes. Default: distances are known only between coordinates that users and leads bring. */
  readonly locate?: Locate | undefined;
  /**
   * Who gets leads at all: codes of profiles, or a function. Users of other profiles are eligible for no lead, nor are
   * users for whom the function returns `false`. Default, and where the function returns undefined: if other users have
   * rules, users without any rule do not count, because a manager would hide every gap.
   */
  readonly receives?: readonly string[] | ((user: CoverageUser) => boolean | undefined) | undefined;
}

/** The answer of one rule to a lead. */
export type RuleAnswer = RuleReason & { readonly result: "pass" | "fail" | "not_set" };

/** The answers of one user's rules to a lead. */
export interface UserVerdict {
  readonly accountNumber: string;
  readonly verdict: "eligible" | "not_eligible";
  /** Assumptions of which another value would change the verdict. */
  readonly assumptions: readonly AssumptionName[];
  readonly rules: { readonly [Name in RuleName]-?: RuleAnswer };
  /** For a user who is not eligible: the changes that its rules would need. Empty for all other users. */
  readonly changes: readonly RuleChange[];
}

/** The answer of {@link explainLead}. Plain data; reasons of users who are not eligible are made when first read. */
export interface LeadExplanation {
  readonly lead: Lead;
  /** Assumptions of which another value would change the verdict on some user. */
  readonly assumptions: readonly AssumptionName[];
  /** Eligible users first, then the others, the nearest misses first. Without {@link CoverageUser.notCounted}. */
  readonly users: readonly UserVerdict[];
  /** As in {@link CoverageResult}; of users that left, only those whose rules in Oplead may admit the lead. */
  readonly notCounted: readonly NotCounted[];
  /**
   * Lines for people: the eligible users with their rules, the nearest misses with what they would need, the users who
   * do not count, and the assumptions of which another value would change an answer. Names users by account number.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  render(as: "text", options?: LeadRenderOptions): Promise<string>;
}

/** Options of {@link LeadExplanation.render}. */
export interface LeadRenderOptions extends LanguageOptions {
  /** Names to show behind account numbers. Default: none. */
  readonly names?: ReadonlyMap<string, string> | undefined;
}

/** Options of {@link CoverageResult.render}. */
export interface CoverageRenderOptions extends LanguageOptions {
  /** Names to show instead of codes: `{ RNG_CARS: "Voitures" }`. Default: the codes. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Shows names of users (personal data) beside account numbers. Default false. */
  readonly names?: boolean | undefined;
  /** Company below the heading. Default: none. */
  readonly company?: string | undefined;
}

/** Postcodes that the same users reach. */
export interface PostcodeClass {
  readonly country: string;
  /** Empty if the reference data lists no postcodes: the class is a whole county or country. */
  readonly zipCodes: readonly string[];
  readonly inhabitants: number | undefined;
  /** The users whose area rules (geographical, maxDistance) admit these postcodes. */
  readonly eligible: readonly string[];
}

/**
 * Users who do not count ({@link CoverageUser.notCounted}; no rules, or no leads by {@link EvaluationOptions.receives}),
 * or cover nothing by a rule: a radius without a known place, a rule that is not valid or not known.
 */
export type NotCounted = ToldWith<typeof NOT_COUNTED, { readonly accountNumbers: readonly string[] }>;

/** The result of {@link coverage}. Plain data, except for the functions. */
export interface CoverageResult {
  /** The {@link Assumptions} that the findings rest on. */
  readonly assumptions: readonly AssumptionName[];
  readonly classes: readonly PostcodeClass[];
  /** Sorted: gaps first, and within a kind those with the most inhabitants. */
  readonly findings: readonly CoverageFinding[];
  readonly notCounted: readonly NotCounted[];
  /** Account numbers of the users that a lead can reach, as {@link explainLead} finds them. */
  eligible(lead: Lead): readonly string[];
  /**
   * The answer of {@link explainLead} for these users; faster for many leads.
   *
   * @throws {@link OpleadError} `invalid_input` for a lead without a country; `invalid_options`; `aborted`.
   */
  explain(lead: Lead, options?: Pick<CallOptions, "signal">): Promise<LeadExplanation>;
  /**
   * One HTML page: a map, filters, a form that explains a lead, and the findings, which can be read without a script. It
   * loads nothing. Users appear by account number, with their postcodes and rules; an account number that is an e-mail
   * address becomes `hidden-7` (the seventh user) unless `names` is true.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  render(as: "html", options?: CoverageRenderOptions): Promise<string>;
}

/** The leads over which a plan's policies are judged. */
export interface PolicyCoverage {
  /** All leads that can exist. */
  readonly universe: Universe;
  /** Places of postcodes. Default: distances are known only between coordinates. */
  readonly locate?: Locate | undefined;
  /** Replaces some of `defaultAssumptions` of `oplead-sdk/coverage`. */
  readonly assumptions?: Partial<Assumptions> | undefined;
  /**
   * Who gets leads at all: see {@link EvaluationOptions.receives}. The ledger keeps the answers for users that a later
   * source leaves out. If a function throws, the record is invalid, as if `map` had thrown.
   */
  readonly receives?: EvaluationOptions["receives"];
  /** Names of codes for people: `{ RNG_CARS: "Voitures" }`. Default: the codes. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether users that left the source still cover their areas, until an administrator has dealt with them. Default
   * false: Oplead still has their rules, but they do not answer their leads.
   */
  readonly leaversCover?: boolean | undefined;
  /** Finds the areas that a plan changes: `areaChanges` of `oplead-sdk/coverage`. Default: plans have no areas. */
  readonly areas?: ((context: PolicyContext) => readonly AreaChange[] | Promise<readonly AreaChange[]>) | undefined;
}

/** Places of one county that a plan changes in the same way. Plain data, without users. */
export interface AreaChange {
  /** `"lost"`: some leads lose their last user here; `"gained"`: some leads get their first one. */
  readonly kind: "lost" | "gained";
  readonly country: string;
  /** The number of the county; undefined if the country lists no counties. */
  readonly county: string | undefined;
  /** The name of the county, or of the country if it lists no counties. */
  readonly name: string;
  readonly zipCodes: readonly string[];
  /** Postcodes, or counties and countries whose postcodes are not known. */
  readonly places: number;
  /** Counted over the places whose inhabitants are known. */
  readonly inhabitants: number | undefined;
  /** The kinds of leads, by their names in {@link PolicyCoverage.labels}. Empty: all. */
  readonly kinds: readonly string[];
}

/** A user as policies see it, without the person's name. */
export interface PolicyUser extends CoverageUser {
  readonly user: Pick<CoverageUser["user"], "address"> & { readonly accountNumber: string };
  /** The answer of {@link PolicyCoverage.receives}. */
  readonly receives?: boolean | undefined;
  /** The user's segment, from {@link GuardOptions.segments}. */
  readonly segment: string | undefined;
  /** The rules whose content in Oplead is not known. They admit no lead. */
  readonly unknown: readonly RuleName[];
  /** Whether the address in Oplead is not known. */
  readonly isPlaceUnknown: boolean;
  /** Part of the coverage. False for a leaver, unless a record without an account number may be this user's. */
  readonly counts: boolean;
}

/** The users before and after a plan, for {@link SyncPolicy.judge}. `coverageOf` computes the coverage from it. */
export interface PolicyContext extends PolicyCoverage {
  /** Users that the plan leaves as they are. */
  readonly unchanged: readonly PolicyUser[];
  /** Users that the plan touches: what Oplead accepted last, and what Oplead has once the plan is applied. */
  readonly changes: readonly {
    readonly accountNumber: string;
    /** The user before the plan; undefined for a new user. */
    readonly before: PolicyUser | undefined;
    readonly after: PolicyUser;
  }[];
  /** Whether the present state is judged instead of a plan. Then there are no changes. */
  readonly isState: boolean;
  readonly signal: AbortSignal | undefined;
}

export type PolicyChange = PolicyContext["changes"][number];

/** A finding of a policy about a plan. `policyFinding` of `oplead-sdk/coverage` makes one. */
export type PolicyFinding = Coded<"policy", PolicyFacts>;

/** A rule about the map that a plan must keep. `oplead-sdk/coverage` makes policies; you can write your own as well. */
export interface SyncPolicy {
  /** The name of the policy in findings. */
  readonly name: string;
  /** `"refuse"`: a finding refuses the plan; `"warn"`: it is only a warning. Default `"refuse"`. */
  readonly onViolation?: "refuse" | "warn" | undefined;
  /** Judges a plan before its first write. If it throws, planning ends with that error. */
  judge(context: PolicyContext): readonly PolicyFinding[] | Promise<readonly PolicyFinding[]>;
}
