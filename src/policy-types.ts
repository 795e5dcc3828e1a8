import type { Assumptions, CoverageUser, Locate, Universe } from "./coverage-types.ts";
import type { Coded } from "./locales/coded.ts";
import type { POLICIES } from "./locales/en/findings.ts";
import type { RuleName } from "./rules/types.ts";

/** The leads over which a plan's policies are judged. With it the ledger keeps the rules that Oplead accepted. */
export interface PolicyCoverage {
  /** All leads that can exist. */
  readonly universe: Universe;
  /** Where postcodes are. Without it, distances are known only between coordinates. */
  readonly locate?: Locate | undefined;
  /** Replaces some of `defaultAssumptions` of `oplead-sdk/coverage`. */
  readonly assumptions?: Partial<Assumptions> | undefined;
  /** Names of codes for people: `{ RNG_CARS: "Voitures" }`. Default: the codes. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether users that left the source cover what they did: Oplead still has their rules. Default false, because nobody answers their leads.
   * Those that an administrator dealt with cover nothing.
   */
  readonly leaversCover?: boolean | undefined;
  /** Finds what areas gain and lose by a plan, which then carries it: `areaChanges` of `oplead-sdk/coverage`. Default: it is not asked. */
  readonly areas?: ((context: PolicyContext) => readonly AreaChange[] | Promise<readonly AreaChange[]>) | undefined;
}

/** Places of a county of which the same becomes under a plan. Plain data, without users. */
export interface AreaChange {
  /** `"lost"`: had a user for some leads, and has none for them; `"gained"`: the other way round. */
  readonly kind: "lost" | "gained";
  /** Whether it holds whatever the uncertain verdicts turn out to be. */
  readonly certain: boolean;
  readonly country: string;
  /** The number of the county; undefined where the country lists none. */
  readonly county: string | undefined;
  /** The name of the county, else of the country. */
  readonly name: string;
  readonly zipCodes: readonly string[];
  /** How many places there are: postcodes, or a county or country whose postcodes are not known. */
  readonly places: number;
  /** As far as they are known. */
  readonly inhabitants: number | undefined;
  /** The kinds of leads, by their names in {@link PolicyCoverage.labels}. Empty: all. */
  readonly kinds: readonly string[];
}

/** A user as policies see it: no name. */
export interface PolicyUser extends CoverageUser {
  readonly user: Pick<CoverageUser["user"], "address"> & { readonly accountNumber: string };
  /** The segment of {@link GuardOptions.segments}. */
  readonly segment: string | undefined;
  /** Rules of which it is not known what Oplead has: their verdicts are uncertain. */
  readonly unknown: readonly RuleName[];
  /** Whether its address is not known. */
  readonly isPlaceUnknown: boolean;
  /**
   * Whether it gets leads: `"perhaps"` for a leaver that may be a record without an account number; `false` for a leaver that no longer counts,
   * which is listed all the same.
   */
  readonly counts: boolean | "perhaps";
}

/** A user that a plan touches: what Oplead accepted last, and what it has once the plan is applied. */
export interface PolicyChange {
  readonly accountNumber: string;
  /** Undefined for a user that is new. */
  readonly before: PolicyUser | undefined;
  readonly after: PolicyUser;
}

/** The users before and after a plan, for {@link SyncPolicy.judge}. `coverageOf` of `oplead-sdk/coverage` makes coverage of it. */
export interface PolicyContext extends PolicyCoverage {
  /** Users that the plan leaves as they are. */
  readonly unchanged: readonly PolicyUser[];
  readonly changes: readonly PolicyChange[];
  /** Whether the present state is judged, without a plan: then there are no changes, and each policy judges the state. */
  readonly isState: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Something that a policy says of a plan. `policyFinding` of `oplead-sdk/coverage` makes one. */
export type PolicyFinding = Coded<typeof POLICIES>;

/** A rule about the map that a plan must keep. `oplead-sdk/coverage` makes them; a function of one's own is one as well. */
export interface SyncPolicy {
  /** Names it in findings. */
  readonly name: string;
  /** `"refuse"`: a certain finding refuses the plan; `"warn"`: it is a warning. Default `"refuse"`. */
  readonly onViolation?: "refuse" | "warn" | undefined;
  /** Judges a plan before its first write. Uncertain findings never refuse. An error it throws ends the planning. */
  judge(context: PolicyContext): readonly PolicyFinding[] | Promise<readonly PolicyFinding[]>;
}
