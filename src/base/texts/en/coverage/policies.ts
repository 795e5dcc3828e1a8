import { counted, kilometres, listed, number, percent } from "../../../wording/words.ts";

/** A change of the plan that causes a finding. */
export interface PolicyCause {
  readonly accountNumber: string;
  readonly effects: readonly (
    | { readonly kind: "left" | "new" | "moved" | "returned" }
    | { readonly kind: "radius"; readonly from: number; readonly to: number }
    | { readonly kind: "rule"; readonly rule: string }
  )[];
  /** How many of the postcodes it concerns. */
  readonly postcodes: number;
}

/** Findings of policies. Texts name the first of each list. */
export interface PolicyFacts {
  readonly policy: string;
  /** `other`: what {@link PolicyFacts.text} says. */
  readonly problem: "uncovered" | "shared" | "lost" | "other";
  readonly text?: string | undefined;
  /** Whether it holds whatever the uncertain verdicts turn out to be. */
  readonly certain: boolean;
  /** Whether the state is judged, and not what a plan changes. */
  readonly isState: boolean;
  readonly zipCodes: readonly string[];
  /** How many places there are: postcodes, or counties and countries whose postcodes are not known. */
  readonly places: number;
  readonly inhabitants: number | undefined;
  /** The country of all places; undefined if there are several. */
  readonly country?: string | undefined;
  /** The names of the counties, those with the most places first. */
  readonly counties: readonly string[];
  /** The kinds of leads, by their names. Empty: all. */
  readonly kinds: readonly string[];
  /** Account numbers of the users concerned. */
  readonly users: readonly string[];
  /** The changes that concern the most places, at most 50. */
  readonly causes: readonly PolicyCause[];
  /** How many changes there are. Default: those listed. */
  readonly causeCount?: number | undefined;
  /** How many users are asked for, or allowed. */
  readonly limit?: number | undefined;
  /** The groups that share leads. */
  readonly groups?: readonly string[] | undefined;
  /** The limits that are exceeded. */
  readonly most?: { readonly postcodes?: number; readonly inhabitants?: number; readonly share?: number } | undefined;
  /** The names of the assumptions that an uncertain finding depends on. */
  readonly assumptions: readonly string[];
  /** Users of which it is not known what Oplead accepted. */
  readonly unknown: number;
}

/** Most causes that a text names. */
export const CAUSES = 5;

/** A policy of the map, told to people who know users and places. */
export const POLICIES = {
  policy: (facts: PolicyFacts) =>
    `${facts.certain ? "" : "Not certain: "}${sentence(facts)}${causesOf(facts)} (policy ${facts.policy}).${leaversOf(facts)}${dependsOn(facts)}`,
};

function sentence(facts: PolicyFacts): string {
  const { problem, text, isState, limit = 0, groups = [], most = {} } = facts;
  const kinds = facts.kinds.length === 0 ? "" : ` for ${listed(facts.kinds)}`;
  const places = placesOf(facts);
  const verb = (state: string, plan: string) => (isState ? `${state} ${places}` : `This plan ${plan} ${places}`);
  const users = limit === 1 ? "without a user" : `with fewer than ${number(limit)} users`;
  switch (problem) {
    case "uncovered":
      return isState
        ? `${places} ${facts.places === 1 ? "is" : "are"} ${users}${kinds}`
        : `This plan leaves ${places} ${users}${kinds}`;
    case "lost": {
      const limits = [
        ...(most.postcodes === undefined ? [] : [counted(most.postcodes, "postcode")]),
        ...(most.inhabitants === undefined ? [] : [counted(most.inhabitants, "inhabitant")]),
        ...(most.share === undefined ? [] : [`${percent(most.share)} of the postcodes`]),
      ];
      return `This plan takes the last user from ${places}${kinds}; the limit is ${limits.join(", ")}`;
    }
    case "shared":
      return `${verb("Users of several groups share", "lets users of several groups share")}${kinds}: ${listed(groups)}`;
    default:
      return text ?? places;
  }
}

/** `29 postcodes of Finistère (84,000 inhabitants)` */
function placesOf({ zipCodes, places, inhabitants, counties }: PolicyFacts): string {
  const what = zipCodes.length === 0 ? counted(places, "county", "counties") : counted(places, "postcode");
  const where = counties.length === 0 ? "" : ` of ${listed(counties)}`;
  return `${what}${where}${inhabitants === undefined ? "" : ` (${counted(inhabitants, "inhabitant")})`}`;
}

function causesOf({ causes, causeCount = causes.length }: PolicyFacts): string {
  if (causes.length === 0) return "";
  const shown = causes.slice(0, CAUSES).map(({ accountNumber, effects = [] }) => {
    return effects.map((effect) => effectText(accountNumber, effect)).join(", ");
  });
  const more = causeCount - shown.length;
  return `: ${shown.join("; ")}${more > 0 ? `; and ${counted(more, "other change")}` : ""}`;
}

function effectText(user: string, effect: PolicyCause["effects"][number]): string {
  switch (effect.kind) {
    case "left":
      return `${user} leaves`;
    case "new":
      return `${user} is new`;
    case "returned":
      return `${user} is back`;
    case "moved":
      return `${user} moves to another postcode`;
    case "radius":
      return `${user}'s radius ${effect.to < effect.from ? "falls" : "rises"} from ${kilometres(effect.from)} to ${kilometres(effect.to)} km`;
    default:
      return `${user}'s rule ${effect.rule} changes`;
  }
}

function leaversOf({ causes }: PolicyFacts): string {
  const isAbout = causes.some(({ effects = [] }) => effects.some(({ kind }) => kind === "left"));
  return isAbout ? " Oplead still has the rules of users that left, but nobody answers their leads." : "";
}

function dependsOn({ certain, assumptions, unknown }: PolicyFacts): string {
  if (certain) return "";
  const users =
    unknown === 0
      ? []
      : [`what Oplead accepted of ${counted(unknown, "user")}, of which the ledger keeps no rules yet`];
  return ` It depends on ${listed([...users, ...assumptions])}.`;
}
