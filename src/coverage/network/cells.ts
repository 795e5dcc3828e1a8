import type { Assumptions } from "../assumptions.ts";
import { append, getOrMake } from "../get-or-make.ts";
import { both } from "../rules/state.ts";
import type { Dimensions, Universe } from "../types.ts";
import { admitsCompetence, admitsContactProfile, admitsProfileType, PROFILE_TYPES } from "./admits.ts";
import { bitsOf, type Mask, setBit } from "./masks.ts";
import type { Member } from "./member.ts";

/** In the order in which cells are numbered. */
const AXES = ["ranges", "requestTypes", "contactProfiles", "profileTypes"] as const;

/** The codes by which leads are told apart: no code of a kind where they are not told apart by it. */
export type LeadCodes = { readonly [Name in (typeof AXES)[number]]: readonly string[] };

/** The codes of a kind. `[undefined]` where there are none. */
type Axis = readonly (string | undefined)[];

/** Which cells the rules of a user admit. */
export interface MemberMasks {
  readonly pass: Mask;
  /** Those that pass, and those that are uncertain; the same object where nothing is uncertain. */
  readonly possible: Mask;
}

/**
 * The kinds of leads: a cell for each combination of range, request type, contact profile and profile type. A cell's number
 * is its place when the last axis runs fastest.
 */
export class Cells {
  readonly codes: LeadCodes;
  readonly #size: number;
  /** How many words of 32 bits a mask has. */
  readonly words: number;

  constructor(codes: LeadCodes) {
    this.codes = codes;
    this.#size = AXES.reduce((product, name) => product * this.#axis(name).length, 1);
    this.words = Math.ceil(this.#size / 32);
  }

  #axis(name: keyof LeadCodes): Axis {
    return this.codes[name].length > 0 ? this.codes[name] : [undefined];
  }

  mask(): Mask {
    return new Uint32Array(this.words);
  }

  all(): Mask {
    const mask = this.mask().fill(0xffffffff);
    const rest = this.#size % 32;
    if (rest > 0) mask[this.words - 1] = 2 ** rest - 1;
    return mask;
  }

  /** The cells of the leads with these codes. */
  of(dimensions: Dimensions): Mask {
    let cells = [0];
    for (const name of AXES) {
      const codes = dimensions[name];
      const axis = this.#axis(name);
      const places = [...axis.keys()].filter((place) => !codes || codes.includes(axis[place] ?? ""));
      cells = cells.flatMap((cell) => places.map((place) => cell * axis.length + place));
    }
    const mask = this.mask();
    for (const cell of cells) setBit(mask, cell);
    return mask;
  }

  /** The cells that a user's rules admit. Each rule is asked once per code, not once per cell. */
  masksOf(member: Member, assumptions: Assumptions): MemberMasks {
    const requestTypes = this.#axis("requestTypes");
    const ofProfile = this.#axis("profileTypes").map((code) => admitsProfileType(member, code));
    const rest = this.#axis("contactProfiles").flatMap((code) => {
      const ofContact = admitsContactProfile(member, code);
      return ofProfile.map((profile) => both(ofContact, profile));
    });
    const [pass, possible] = [this.mask(), this.mask()];
    let sure = true;
    let cell = 0;
    for (const range of this.#axis("ranges")) {
      // Most users handle few of the ranges.
      if (range !== undefined && member.competences.kind === "set" && !member.competences.value.has(range)) {
        cell += requestTypes.length * rest.length;
        continue;
      }
      for (const requestType of requestTypes) {
        const handled = admitsCompetence(member, { range, requestType }, assumptions);
        if (handled === "fail") {
          cell += rest.length;
          continue;
        }
        for (const other of rest) {
          const result = both(handled, other);
          if (result === "pass") setBit(pass, cell);
          if (result !== "fail") setBit(possible, cell);
          if (result === "uncertain") sure = false;
          cell += 1;
        }
      }
    }
    return { pass, possible: sure ? pass : possible };
  }

  /** The cells as lists of codes; what covers a whole axis is left out. Several, where the cells are no single product. */
  boxes(mask: Mask): Dimensions[] {
    const axes = AXES.map((name) => this.#axis(name));
    return splitBoxes(bitsOf(mask), axes).map((box) => {
      const dimensions: { -readonly [Name in keyof Dimensions]: Dimensions[Name] } = {};
      for (const [index, name] of AXES.entries()) {
        const codes = (box[index] ?? []).filter((code) => code !== undefined);
        if (codes.length < this.codes[name].length) dimensions[name] = codes;
      }
      return dimensions;
    });
  }
}

/** The cells of a universe. What it leaves out comes from the users' rules. */
export function cellsOf(universe: Universe, members: readonly Member[], assumptions: Assumptions): Cells {
  const found = codesInRules(members);
  const codes = (given: readonly string[] | undefined, inRules: ReadonlySet<string>): readonly string[] =>
    [...new Set(given ?? (assumptions.codesLeftOut === "those_in_rules" ? inRules : []))].sort();
  return new Cells({
    ranges: codes(universe.ranges, found.ranges),
    requestTypes: codes(universe.requestTypes, found.requestTypes),
    contactProfiles: codes(universe.contactProfiles, found.contactProfiles),
    profileTypes: codes(universe.profileTypes ?? PROFILE_TYPES, new Set()),
  });
}

/** Whether codes come from the users' rules, and not from the universe. */
export function leavesCodesOut(universe: Universe, members: readonly Member[]): boolean {
  const found = codesInRules(members);
  return (["ranges", "requestTypes", "contactProfiles"] as const).some(
    (name) => !universe[name] && found[name].size > 0,
  );
}

function codesInRules(members: readonly Member[]) {
  const [ranges, requestTypes, contactProfiles] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { competences, contactProfiles: contacts } of members) {
    if (competences.kind === "set") {
      for (const [range, types] of competences.value) {
        ranges.add(range);
        for (const type of types ?? []) requestTypes.add(type);
      }
    }
    if (contacts.kind === "set") for (const code of contacts.value) contactProfiles.add(code);
  }
  return { ranges, requestTypes, contactProfiles };
}

/** Cells as few products of codes on the axes: codes with the same rest go together, axis by axis. */
function splitBoxes(cells: readonly number[], axes: readonly Axis[]): Axis[][] {
  const [axis, ...others] = axes;
  if (!axis) return cells.length > 0 ? [[]] : [];
  const stride = others.reduce((product, { length }) => product * length, 1);
  const rests = new Map<string | undefined, number[]>();
  for (const cell of cells) append(rests, axis[Math.floor(cell / stride)], cell % stride);
  const together = new Map<string, { codes: (string | undefined)[]; rest: number[] }>();
  for (const [code, rest] of rests) getOrMake(together, rest.join(), () => ({ codes: [], rest })).codes.push(code);
  return [...together.values()].flatMap(({ codes, rest }) => splitBoxes(rest, others).map((box) => [codes, ...box]));
}
