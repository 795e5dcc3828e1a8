import type { Assumptions } from "../assumptions.ts";
import { codeListResult } from "../rules/code-list.ts";
import { competencesResult } from "../rules/competences.ts";
import { ask, both, type Result } from "../rules/state.ts";
import type { Dimensions, Lead, Universe } from "../types.ts";
import { PROFILE_TYPES } from "./admits.ts";
import type { Member } from "./member.ts";

/** One list of codes by which leads are told apart. `[undefined]` where they are not. */
export type Axis = readonly (string | undefined)[];

/** A set of cells, one bit each. */
export type Mask = Uint32Array;

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
  readonly axes: readonly [ranges: Axis, requestTypes: Axis, contactProfiles: Axis, profileTypes: Axis];
  readonly size: number;
  /** How many words of 32 bits a mask has. */
  readonly words: number;

  constructor(axes: Cells["axes"]) {
    this.axes = axes;
    this.size = axes.reduce((product, { length }) => product * length, 1);
    this.words = Math.ceil(this.size / 32);
  }

  mask(): Mask {
    return new Uint32Array(this.words);
  }

  all(): Mask {
    const mask = this.mask().fill(0xffffffff);
    const rest = this.size % 32;
    if (rest > 0) mask[this.words - 1] = 2 ** rest - 1;
    return mask;
  }

  /** The lead of a cell, without a place. */
  lead(cell: number): Omit<Lead, "country"> {
    const [ranges, requestTypes, contactProfiles, profileTypes] = this.axes;
    const profile = cell % profileTypes.length;
    const contact = Math.floor(cell / profileTypes.length) % contactProfiles.length;
    const request = Math.floor(cell / (profileTypes.length * contactProfiles.length)) % requestTypes.length;
    const range = Math.floor(cell / (profileTypes.length * contactProfiles.length * requestTypes.length));
    return {
      range: ranges[range],
      requestType: requestTypes[request],
      contactProfile: contactProfiles[contact],
      profileType: profileTypes[profile],
    };
  }

  /** The cells that a user's rules admit. Each rule is asked once per code, not once per cell. */
  masksOf(member: Member, assumptions: Assumptions): MemberMasks {
    const [ranges, requestTypes, contacts, profiles] = this.axes;
    const ofContact = contacts.map((code) =>
      ask(member.contactProfiles, assumptions, (codes) => codeListResult(codes, code, undefined)),
    );
    const ofProfile = profiles.map((code) =>
      ask(member.profileTypes, assumptions, (codes) => codeListResult(codes, code, PROFILE_TYPES)),
    );
    const rest: Result[] = ofContact.flatMap((contact) => ofProfile.map((profile) => both(contact, profile)));
    const [pass, possible] = [this.mask(), this.mask()];
    let sure = true;
    let cell = 0;
    for (const range of ranges) {
      // Most users handle few of the ranges.
      if (range !== undefined && member.competences.kind === "set" && !member.competences.value.has(range)) {
        cell += requestTypes.length * rest.length;
        continue;
      }
      for (const requestType of requestTypes) {
        const handled = ask(member.competences, assumptions, (competences) =>
          competencesResult(competences, range, requestType, assumptions),
        );
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
  boxes(mask: Mask): { readonly dimensions: Dimensions; readonly cells: Mask }[] {
    return splitBoxes(bitsOf(mask), this.axes).map((chosen) => {
      const cells = this.mask();
      for (const cell of productOf(chosen, this.axes)) setBit(cells, cell);
      const names = ["ranges", "requestTypes", "contactProfiles", "profileTypes"] as const;
      const dimensions = Object.fromEntries(
        names.flatMap((name, axis) => {
          const places = chosen[axis] ?? [];
          const codes = this.axes[axis] ?? [];
          return places.length === codes.length ? [] : [[name, places.map((place) => codes[place])]];
        }),
      );
      return { dimensions, cells };
    });
  }
}

/** The cells of a universe. What it leaves out comes from the users' rules. */
export function cellsOf(universe: Universe, members: readonly Member[], assumptions: Assumptions): Cells {
  const found = codesInRules(members);
  const axis = (given: readonly string[] | undefined, inRules: ReadonlySet<string>): Axis => {
    const codes = given ?? (assumptions.codesLeftOut === "those_in_rules" ? [...inRules] : []);
    return codes.length > 0 ? [...new Set(codes)].sort() : [undefined];
  };
  return new Cells([
    axis(universe.ranges, found.ranges),
    axis(universe.requestTypes, found.requestTypes),
    axis(universe.contactProfiles, found.contactProfiles),
    axis(universe.profileTypes ?? PROFILE_TYPES, new Set()),
  ]);
}

/** Whether codes come from the users' rules, and not from the universe. */
export function leavesCodesOut(
  { ranges, requestTypes, contactProfiles }: Universe,
  members: readonly Member[],
): boolean {
  const found = codesInRules(members);
  return (
    (!ranges && found.ranges.size > 0) ||
    (!requestTypes && found.requestTypes.size > 0) ||
    (!contactProfiles && found.contactProfiles.size > 0)
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

export function setBit(mask: Mask, bit: number): void {
  mask[bit >>> 5] = (mask[bit >>> 5] as number) | (1 << (bit & 31));
}

export function isEmpty(mask: Mask): boolean {
  return mask.every((word) => word === 0);
}

/** The numbers of the bits that are set, in ascending order. */
export function bitsOf(mask: Mask): number[] {
  const bits: number[] = [];
  for (let word = 0; word < mask.length; word += 1) {
    let rest = mask[word] as number;
    while (rest !== 0) {
      const lowest = 31 - Math.clz32(rest & -rest);
      bits.push(word * 32 + lowest);
      rest &= rest - 1;
    }
  }
  return bits;
}

/** Cells as few products of places on the axes: places with the same rest go together, axis by axis. */
function splitBoxes(cells: readonly number[], axes: readonly Axis[]): number[][][] {
  const [axis, ...others] = axes;
  if (!axis) return cells.length > 0 ? [[]] : [];
  const stride = others.reduce((product, { length }) => product * length, 1);
  const rests = new Map<number, number[]>();
  for (const cell of cells) {
    const place = Math.floor(cell / stride);
    const rest = rests.get(place);
    if (rest) rest.push(cell % stride);
    else rests.set(place, [cell % stride]);
  }
  const together = new Map<string, { places: number[]; rest: number[] }>();
  for (const [place, rest] of rests) {
    const key = rest.join();
    const same = together.get(key);
    if (same) same.places.push(place);
    else together.set(key, { places: [place], rest });
  }
  return [...together.values()].flatMap(({ places, rest }) => splitBoxes(rest, others).map((box) => [places, ...box]));
}

function productOf(chosen: readonly (readonly number[])[], axes: readonly Axis[]): number[] {
  return chosen.reduce<number[]>(
    (cells, places, axis) => cells.flatMap((cell) => places.map((place) => cell * (axes[axis] ?? []).length + place)),
    [0],
  );
}
