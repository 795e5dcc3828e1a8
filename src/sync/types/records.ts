import type { RuleName } from "../../rules/types.ts";
import type { Finding, SourcePosition } from "./findings.ts";

/** A rule that a plan replaces, with values as the API has them. */
export interface ChangedRule {
  readonly rule: RuleName;
  /** Present value. Null if Oplead has no such rule; absent if it is not known. */
  readonly was?: unknown;
  /** Value to send. */
  readonly now: unknown;
}

/** A user with something to send. */
export interface PlannedUser extends SourcePosition {
  readonly accountNumber: string;
  /**
   * - `new`: the ledger has no Oplead ID. Oplead may have the user nevertheless, so the client asks first
   * - `retried`: Oplead refused the same content before, seven days ago or with {@link SyncOptions.retryHeld}. Counts
   * neither as new nor as changed; users below it wait until Oplead has it
   * - `leaver`: it left the source, and only {@link LeaverOptions.rules} are sent
   * - `refreshed`: unchanged, and sent again after {@link SyncOptions.refreshAfterDays}. No limit of the guard counts it
   */
  readonly kind: "new" | "changed" | "retried" | "leaver" | "refreshed";
  /** Oplead ID, if the ledger has it. */
  readonly id: string | undefined;
  /** Account number in Oplead until a {@link PlannedMove}, of this plan or earlier, is sent. */
  readonly movedFrom: string | undefined;
  /** Top-level fields that differ from what Oplead accepted last. Empty if only rules differ. */
  readonly fields: readonly string[];
  /**
   * True if the user differs, but the ledger cannot tell where: it has no fingerprints of fields by a known key.
   * {@link PlannedUser.fields} is empty.
   */
  readonly fieldsUnknown: boolean;
  /** True if sent once more with its rules, because the outcome of an earlier attempt is unknown. */
  readonly doubted: boolean;
  /** Rules to send. */
  readonly rules: readonly RuleName[];
  /** Old and new values of these rules, if Oplead has the user. */
  readonly ruleChanges?: readonly ChangedRule[] | undefined;
  /** Account number of its parent, if this plan sends the parent too, before the user. */
  readonly after: string | undefined;
  /** Segment for the guard, with {@link GuardOptions.segments}. */
  readonly segment?: string | undefined;
}

/** How unchanged users are confirmed: {@link SyncOptions.refreshAfterDays}. */
export interface RefreshFacts {
  /** That option. */
  readonly days: number;
  /** Users that are confirmed in so many days. */
  readonly users: number;
  /** Oldest confirmation after the run, if all is accepted; of a report: as it was. ISO 8601. Undefined without users. */
  readonly oldestAt: string | undefined;
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** A leaver as {@link ApplyOptions.onMissing} gets it. */
export interface MissingUser extends Pick<Finding<"leaver">, "accountNumber" | "id" | "missingSince" | "certain"> {
  /** True if the grace period is over. */
  readonly due: boolean;
}

/** One of {@link SyncOptions.moves} not made before. */
export interface PlannedMove {
  readonly from: string;
  readonly to: string;
  /** Oplead ID, kept under the new account number. */
  readonly id: string | undefined;
  /**
   * Why it cannot be made. `unknown`: the ledger has no Oplead ID for `from`. `occupied`: it has another user under
   * `to`.
   */
  readonly problem: "unknown" | "occupied" | undefined;
}

/** What a plan and its report say about users and records. */
export interface Findings {
  /** In the order of {@link FindingDetails}, and within a kind in the order of the source. */
  readonly findings: readonly Finding[];
  /** Moves, made before any user is sent. */
  readonly moves: readonly PlannedMove[];
  /**
   * Columns by the path of the field that `map` fills: `{ "address.zipCode": "Code postal" }`. Only from sources of
   * `oplead-sdk/config`, and only where certain.
   */
  readonly columns?: Readonly<Record<string, string>> | undefined;
}

/** A limit of the guard, with the users of a plan that count. */
export interface GuardLimit {
  /** Option of {@link GuardOptions}. */
  readonly option: "maxNew" | "maxInvalid" | "maxChanged" | "maxMoved" | "maxMissing";
  /** New users; users that cannot be sent; changed or missing; with another profile or parent; or only missing ones. */
  readonly users: number;
  /** Users allowed. */
  readonly most: number;
  /** Users of which the limit is a share. */
  readonly among: number;
  /** Segment of the limit. Undefined: all users. */
  readonly segment?: string | undefined;
}

/** `good`: users arrive. `notable`: a person should look. `bad`: something went wrong. */
export type Tone = "good" | "notable" | "bad";

/** A line of a text for people. */
export interface TextLine {
  readonly text: string;
  /** Tone of headings, counts and rows of what is sent. */
  readonly tone: Tone | undefined;
  /** Emphasis, for example bold in a terminal. Default false. */
  readonly isStrong?: boolean | undefined;
}
