/*
 * The types of users, places, leads and assumptions. They are in a file of their own, because the policies of plans
 * need these types and need nothing else of coverage.
 */

import type { Coded } from "../locales/coded.ts";
import type { PolicyFacts } from "../locales/en/findings.ts";
import type { CountryDetails } from "../rules/countries.ts";
import type { UserRules } from "../rules/rules.ts";
import type { Coordinates, Dimensions, Lead, RuleName } from "../rules/types.ts";
import type { CoverageFinding, RuleChange, RuleReason } from "./messages.ts";

/**
 * A user with its rules: what the `map` of `planSync` returns can be given as it is. Only the fields named here are
 * read.
 */
export interface CoverageUser {
  readonly user: {
    /** Required, because results name users by it. */
    readonly accountNumber?: string | undefined;
    /** The address from which `maxDistance` is measured, unless the user has {@link CoverageUser.coordinates}. */
    readonly address?:
      | { readonly zipCode?: string | undefined; readonly country?: { readonly code: string } | undefined }
      | undefined;
    /** This field and the ones below it are read only by {@link EvaluationOptions.receives}. */
    readonly profile?: { readonly code: string } | undefined;
    readonly firstname?: string | undefined;
    readonly lastname?: string | undefined;
    readonly company?: string | undefined;
  };
  readonly rules?: UserRules | undefined;
  /** The rules whose content in Oplead is not known. Their verdicts are uncertain. Default: none. */
  readonly unknown?: readonly RuleName[] | undefined;
  /** The user's position, if it is known more exactly than the postcode. */
  readonly coordinates?: Coordinates | undefined;
}

/** The known facts about a postcode. */
export interface Place {
  /** The centre of the postcode. */
  readonly coordinates?: Coordinates | undefined;
  /** How far the centre can be from a point of the postcode, in kilometres. Default 0. */
  readonly uncertaintyKm?: number | undefined;
  readonly inhabitants?: number | undefined;
  /**
   * The numbers of the counties in which the postcode lies. They are used only if the reference data has no counties
   * for the postcode.
   */
  readonly counties?: readonly string[] | undefined;
}

/**
 * Returns the place of a postcode; undefined if it is not known. `oplead-sdk/coverage/france` has such a function for
 * France.
 */
export type Locate = (zipCode: string, country: string) => Place | undefined;

/**
 * Assumptions about what Oplead does where its documentation does not say it. Every result names the assumptions that
 * it depends on. Replace an assumption if your platform behaves differently: `coverage(users, { universe, assumptions:
 * { … } })`.
 * @experimental
 */
export interface Assumptions {
  /** The rules that the platform has enabled. Rules that are not in the list have no effect. Default: all. */
  readonly enabledRules: readonly RuleName[];
  /**
   * Which leads a rule admits if the user does not have this rule. Default `"admits_all"`: an absent rule restricts
   * nothing.
   */
  readonly absentRule: "admits_all" | "admits_none" | "uncertain";
  /** Which leads a rule with an empty list admits. Default `"admits_none"`. */
  readonly emptyRule: "admits_none" | "admits_all" | "uncertain";
  /**
   * How rules combine. Default `"all"`: every rule must pass. `"area_or_radius"`: if a user has both `geographical` and
   * `maxDistance`, one of them is enough.
   */
  readonly combination: "all" | "area_or_radius";
  /**
   * Where `maxDistance` is measured from. Default `"address"`: the coordinates that the user brings, or else the centre
   * of the postcode of its address. A function can give another place, for example the parent's.
   */
  readonly distanceFrom: "address" | ((user: CoverageUser) => Coordinates | undefined);
  /** The distance that Oplead measures, divided by the straight line. Default 1; a road is about 1.3 times as long. */
  readonly detourFactor: number;
  /**
   * Whether a rule that names a country without counties, or a county without postcodes, covers this country or county
   * as a whole. Default `"whole"`.
   */
  readonly partsLeftOut: "whole" | "uncertain";
  /**
   * Whether a user who covers whole counties covers a postcode that lies in two counties. Default `"any"`: yes, if the
   * user covers at least one of the two. `"all"`: only if the user covers both. `"uncertain"`: it is not certain if the
   * user covers only one of the two.
   */
  readonly zipInTwoCounties: "any" | "all" | "uncertain";
  /** Which request types are admitted by a competence that names no request type. Default `"all_request_types"`. */
  readonly rangeAlone: "all_request_types" | "uncertain";
  /**
   * Which codes exist if the universe leaves out their list. Default `"those_in_rules"`: the codes that the users'
   * rules name. `"not_distinguished"`: leads are not told apart by these codes, and a rule about them is uncertain.
   */
  readonly codesLeftOut: "those_in_rules" | "not_distinguished";
  /**
   * The names of the assumptions that a probe has confirmed or corrected. They are facts, so results do not list them
   * as assumptions. See {@link assumptionsOf}. Default: none.
   */
  readonly known?: readonly AssumptionName[] | undefined;
}

/** The name of an assumption, as results list it. @experimental */
export type AssumptionName = Exclude<keyof Assumptions, "known">;

/**
 * All leads that can exist: every combination of the entries of these lists. The lists hold the codes of the active
 * ranges, the request types (an empty list if the platform has no request types), the contact profiles and the profile
 * types. If profile types are left out, they are `["pro", "single"]`, as documented. If one of the first three lists is
 * left out, it holds the codes that the users' rules name (assumption `codesLeftOut`).
 */
export interface Universe extends Dimensions {
  /** The countries in the form that `getCountry` returns: with counties and their postcodes. */
  readonly countries: readonly CountryDetails[];
}

export type { Coordinates, Dimensions, Lead, LeadAxis, LeadCodes } from "../rules/types.ts";

/**
 * The option to end a long computation early. docs/explain/performance.md tells for how long a computation blocks the
 * process.
 */
export interface SignalOptions {
  /**
   * Ends the computation with an {@link OpleadError} `aborted`, before it begins or between two users. Default: none.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Options that {@link explainLead} and {@link coverage} share. */
export interface EvaluationOptions extends SignalOptions {
  /** Replaces some of {@link defaultAssumptions}. */
  readonly assumptions?: Partial<Assumptions> | undefined;
  /**
   * Gives the places of postcodes. Without this function, distances are known only between coordinates that users and
   * leads bring.
   */
  readonly locate?: Locate | undefined;
  /**
   * Who gets leads at all: a list of codes of profiles, or a function. A user whose profile is not in the list, or for
   * whom the function returns `false`, is eligible for no lead. If the option is left out or the function returns
   * undefined, and other users have rules, users without any rule are not counted for gaps, shares, findings and
   * policies. Otherwise a manager without rules would be eligible everywhere and hide every gap. For a single lead,
   * such users stay eligible, as the assumption `absentRule` says.
   */
  readonly receives?: readonly string[] | ((user: CoverageUser) => boolean | undefined) | undefined;
}

/**
 * Whether the rules of a user admit a lead. `"uncertain"`: too few facts are known to decide it. Answers do not tell
 * which of several eligible users gets a lead, because Oplead does not document it.
 */
export type Verdict = "eligible" | "not_eligible" | "uncertain";

/** The answer of one rule to a lead. */
export type RuleAnswer = RuleReason & { readonly result: "pass" | "fail" | "uncertain" | "not_set" };

/** The answers of one user's rules to a lead. */
export interface UserVerdict {
  readonly accountNumber: string;
  readonly verdict: Verdict;
  readonly rules: { readonly [Name in RuleName]-?: RuleAnswer };
  /** For a user who is not eligible: the changes that the user's rules would need. Empty for all other users. */
  readonly changes: readonly RuleChange[];
}

/**
 * The answer of {@link explainLead}. Plain data. The reasons of users who are not eligible are made when they are first
 * read.
 */
export interface LeadExplanation {
  readonly lead: Lead;
  /** The names of the {@link Assumptions} that the verdicts depend on. */
  readonly assumptions: readonly AssumptionName[];
  /** Eligible users first, then uncertain ones, then the users who are not eligible, the nearest misses first. */
  readonly users: readonly UserVerdict[];
}

/** Postcodes that the same users reach. */
export interface PostcodeClass {
  readonly country: string;
  /** Empty if the reference data lists no postcodes. Then the class stands for a whole county or country. */
  readonly zipCodes: readonly string[];
  readonly inhabitants: number | undefined;
  /** The users whose area rules (geographical, maxDistance) admit these postcodes. */
  readonly eligible: readonly string[];
  /** The users whose area rules perhaps admit these postcodes. */
  readonly uncertain: readonly string[];
}

/** The account numbers of the users that a lead can reach, by verdict. */
export interface EligibleUsers {
  readonly eligible: readonly string[];
  readonly uncertain: readonly string[];
}

/** The result of {@link coverage}. Plain data, except for the functions. */
export interface CoverageResult {
  /** The names of the {@link Assumptions} that the findings depend on. */
  readonly assumptions: readonly AssumptionName[];
  readonly classes: readonly PostcodeClass[];
  /** The findings, sorted: gaps come first, and within a kind the findings with the most inhabitants. */
  readonly findings: readonly CoverageFinding[];
  /**
   * The users who are not counted in the classes and findings, with the reason: see {@link EvaluationOptions.receives}.
   * Empty if all users are counted.
   */
  readonly notCounted: readonly (Coded<
    "users_without_rules" | "users_without_leads",
    {
      /** The account numbers of the first few users. */
      readonly users: readonly string[];
      readonly userCount: number;
    }
  > & { readonly accountNumbers: readonly string[] })[];
  /** The users that a lead can reach, by the same rules as {@link explainLead}. */
  eligible(lead: Lead): EligibleUsers;
  /**
   * Gives the same answer as {@link explainLead} for these users. It is faster for many leads, because the rules are
   * read only once.
   *
   * @throws {@link OpleadError} `invalid_input` for a lead without a country; `invalid_options`; `aborted`.
   */
  explain(lead: Lead, options?: SignalOptions): Promise<LeadExplanation>;
}

/**
 * The leads over which a plan's policies are judged. If a plan has this option, the ledger also keeps the rules that
 * Oplead accepted.
 */
export interface PolicyCoverage {
  /** All leads that can exist. */
  readonly universe: Universe;
  /** Gives the places of postcodes. Without it, distances are known only between coordinates. */
  readonly locate?: Locate | undefined;
  /** Replaces some of `defaultAssumptions` of `oplead-sdk/coverage`. */
  readonly assumptions?: Partial<Assumptions> | undefined;
  /**
   * Who gets leads at all: see {@link EvaluationOptions.receives}. A plan determines this for each user that `map`
   * returns. The ledger keeps the answers for users that a later source leaves out. If a function throws, the record is
   * invalid, as if `map` had thrown.
   */
  readonly receives?: EvaluationOptions["receives"];
  /** Names of codes for people: `{ RNG_CARS: "Voitures" }`. Default: the codes. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether users that left the source still cover their areas, because Oplead still has their rules. Default false,
   * because people who have left do not answer their leads. A leaver that an administrator has dealt with never covers
   * anything.
   */
  readonly leaversCover?: boolean | undefined;
  /**
   * Finds the areas that gain or lose users by a plan. The areas become part of the plan. Set this option to
   * `areaChanges` of `oplead-sdk/coverage`. Default: plans have no areas.
   */
  readonly areas?: ((context: PolicyContext) => readonly AreaChange[] | Promise<readonly AreaChange[]>) | undefined;
}

/** Places of one county that a plan changes in the same way. Plain data, without users. */
export interface AreaChange {
  /** `"lost"`: some leads lose their last user in these places; `"gained"`: some leads get their first user there. */
  readonly kind: "lost" | "gained";
  /** Whether the change holds however the uncertain verdicts turn out. */
  readonly certain: boolean;
  readonly country: string;
  /** The number of the county; undefined if the country lists no counties. */
  readonly county: string | undefined;
  /** The name of the county, or of the country if it lists no counties. */
  readonly name: string;
  readonly zipCodes: readonly string[];
  /** How many places there are. A place is a postcode, or a county or country whose postcodes are not known. */
  readonly places: number;
  /** How many people live in these places, counted over the places whose inhabitants are known. */
  readonly inhabitants: number | undefined;
  /** The kinds of leads, by their names in {@link PolicyCoverage.labels}. Empty: all. */
  readonly kinds: readonly string[];
}

/** A user as policies see it, without the person's name. */
export interface PolicyUser extends CoverageUser {
  readonly user: Pick<CoverageUser["user"], "address"> & { readonly accountNumber: string };
  /** The answer of {@link PolicyCoverage.receives}; undefined if the option is not set or gave no answer. */
  readonly receives?: boolean | undefined;
  /** The user's segment, from {@link GuardOptions.segments}. */
  readonly segment: string | undefined;
  /** The rules whose content in Oplead is not known. Their verdicts are uncertain. */
  readonly unknown: readonly RuleName[];
  /** Whether the user's address is not known. */
  readonly isPlaceUnknown: boolean;
  /**
   * Whether the user gets leads. `"perhaps"`: a leaver that may be one of the records without an account number.
   * `false`: a leaver that is no longer counted but is still listed.
   */
  readonly counts: boolean | "perhaps";
}

/** A user that a plan touches: what Oplead accepted last, and what Oplead has once the plan is applied. */
export interface PolicyChange {
  readonly accountNumber: string;
  /** The user before the plan; undefined for a new user. */
  readonly before: PolicyUser | undefined;
  readonly after: PolicyUser;
}

/**
 * The users before and after a plan, for {@link SyncPolicy.judge}. `coverageOf` of `oplead-sdk/coverage` computes the
 * coverage from it.
 */
export interface PolicyContext extends PolicyCoverage {
  /** Users that the plan leaves as they are. */
  readonly unchanged: readonly PolicyUser[];
  readonly changes: readonly PolicyChange[];
  /** Whether the present state is judged instead of a plan. Then there are no changes. */
  readonly isState: boolean;
  readonly signal: AbortSignal | undefined;
}

/** A finding of a policy about a plan. `policyFinding` of `oplead-sdk/coverage` makes one. */
export type PolicyFinding = Coded<"policy", PolicyFacts>;

/** A rule about the map that a plan must keep. `oplead-sdk/coverage` makes policies; you can write your own as well. */
export interface SyncPolicy {
  /** The name of the policy in findings. */
  readonly name: string;
  /** `"refuse"`: a certain finding refuses the plan; `"warn"`: it gives only a warning. Default `"refuse"`. */
  readonly onViolation?: "refuse" | "warn" | undefined;
  /**
   * Judges a plan before its first write. An uncertain finding never refuses a plan. If `judge` throws, planning ends
   * with that error.
   */
  judge(context: PolicyContext): readonly PolicyFinding[] | Promise<readonly PolicyFinding[]>;
}
