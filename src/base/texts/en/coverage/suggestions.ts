import { counted, inWords, kilometres, roughly } from "../../../wording/words.ts";
import type { Coded } from "../../coded.ts";
import type { RULE_CHANGES } from "./reasons.ts";

/** Changes of one rule of one user, and their effect: a sentence each. */
export const SUGGESTIONS = {
  raise_radius: ({ user, fromKm, toKm, ...effect }: RadiusRaised & GapEffect) =>
    `raise the radius of ${user} from ${kilometres(fromKm)} to ${kilometres(toKm)} km: ${gapText(effect)}`,
  add_county: ({ user, county, ...effect }: CountyAdded & GapEffect) =>
    `add ${county} to the area of ${user}: ${gapText(effect)}`,
  add_code: ({ user, rule, code, ...effect }: CodeAdded & GapEffect) =>
    `add ${code} to the ${inWords(rule)} of ${user}: ${gapText(effect)}`,
};

/** A user near a gap, and what it would need: a phrase. */
export const NEAREST = {
  near_gap: ({ user, zipCode, km, changes, isEnough }: NearGap) =>
    `near ${zipCode}: ${user}${km === undefined ? "" : `, ${kilometres(km)} km away`}; ` +
    `to be eligible${isEnough ? "" : ", at least"}: ${changes.map(({ message }) => message).join("; and ")}`,
};

function gapText({ inhabitants, isForSome }: GapEffect): string {
  const gain = counted(roughly(inhabitants), "inhabitant gets a first user", "inhabitants get a first user");
  return `${gain}${isForSome ? " for some leads" : ""}`;
}

export interface RadiusRaised {
  readonly user: string;
  readonly fromKm: number;
  readonly toKm: number;
}
export interface CountyAdded {
  readonly user: string;
  /** With its number: `Finistère (29)`. */
  readonly county: string;
}
export interface CodeAdded {
  readonly user: string;
  /** The rule whose list takes the code: `competences`. */
  readonly rule: string;
  readonly code: string;
}
export interface GapEffect {
  /** Who get their first certainly eligible user. */
  readonly inhabitants: number;
  /** Whether some of the leads there still have none, or had one before. */
  readonly isForSome: boolean;
}
export interface NearGap {
  readonly user: string;
  /** The postcode; the country, where postcodes are not known. */
  readonly zipCode: string;
  /** From the user to the postcode, as the rule of the radius measures; undefined where it is not known. */
  readonly km: number | undefined;
  readonly changes: readonly Coded<typeof RULE_CHANGES>[];
  /** Whether no other doubt is left once these are made. */
  readonly isEnough: boolean;
}
