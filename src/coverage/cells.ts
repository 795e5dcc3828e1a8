import { append, getOrMake } from "../core/values.ts";
import type { RuleName } from "../rules/rules.ts";
import { bitsOf, type Mask, setBit } from "./masks.ts";
import { type Member, passes, ruleValue } from "./member.ts";
import type { Question } from "./rules/rule.ts";
import { AXES, COVERAGE_RULES, KIND_RULES } from "./rules/rules.ts";
import type { Assumptions, Dimensions, Lead, LeadCodes, Universe } from "./types.ts";

type Codes = readonly (string | undefined)[];

// Each combination of one code per axis is a cell (kind of lead), numbered in nested loops over the axes, the last one
// innermost.
export class Cells {
  readonly codes: LeadCodes;
  readonly size: number;
  // Words of 32 bits that a mask has.
  readonly words: number;
  readonly #universe: Universe;
  // One question for every combination of the codes that a rule asks for.
  readonly #rules: readonly { readonly name: RuleName; readonly questions: readonly Question[] }[];

  constructor(codes: LeadCodes, universe: Universe, assumptions: Assumptions) {
    this.codes = codes;
    this.#universe = universe;
    this.size = kindsIn(codes);
    this.words = Math.ceil(this.size / 32);
    // These rules do not depend on the place of the lead.
    const nowhere = { spot: { country: "" }, home: undefined, assumptions };
    this.#rules = KIND_RULES.map((name) => {
      let leads: Question["lead"][] = [{}];
      for (const axis of COVERAGE_RULES[name].axes) {
        const codes = this.#codesOf(axis.codes);
        leads = leads.flatMap((lead) => codes.map((code) => ({ ...lead, [axis.field]: code })));
      }
      return { name, questions: leads.map((lead) => ({ lead, ...nowhere })) };
    });
  }

  // If the universe has an empty list of codes, its leads get the code "", which no rule names: they never look covered
  // by accident.
  #codesOf(name: keyof LeadCodes): Codes {
    if (this.codes[name].length > 0) return this.codes[name];
    return [this.#universe[name] && ""];
  }

  complete(lead: Lead): Lead {
    const none = AXES.filter(({ codes, field }) => lead[field] === undefined && this.#codesOf(codes)[0] === "");
    return { ...lead, ...Object.fromEntries(none.map(({ field }) => [field, ""])) };
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

  // The cells with these codes.
  of(dimensions: Dimensions): Mask {
    let cells = [0];
    for (const { codes: name } of AXES) {
      const codes = dimensions[name];
      const all = this.#codesOf(name);
      const places = [...all.keys()].filter((place) => !codes || codes.includes(all[place] ?? ""));
      cells = cells.flatMap((cell) => places.map((place) => cell * all.length + place));
    }
    const mask = this.mask();
    for (const cell of cells) setBit(mask, cell);
    return mask;
  }

  // The cells that a user's rules admit. Asks each rule once for each combination of its codes.
  maskOf(member: Member): Mask {
    const passed = this.#rules.map(({ name, questions }) =>
      questions.map((question) => passes(name, member, question)),
    );
    const mask = this.mask();
    // `cell`: the number of the cell, as far as the codes chosen so far determine it.
    const add = (rule: number, cell: number): void => {
      const own = passed[rule];
      if (!own) {
        setBit(mask, cell);
        return;
      }
      for (let place = 0; place < own.length; place += 1) if (own[place]) add(rule + 1, cell * own.length + place);
    };
    add(0, 0);
    return mask;
  }

  // Describes the mask by few boxes. A box is every combination of one code from each of its lists; a list of all codes
  // is left out.
  boxes(mask: Mask): Dimensions[] {
    const axes = AXES.map(({ codes }) => this.#codesOf(codes));
    return splitBoxes(bitsOf(mask), axes).map((box) => {
      const dimensions: { -readonly [Name in keyof Dimensions]: Dimensions[Name] } = {};
      for (const [index, { codes: name }] of AXES.entries()) {
        const codes = (box[index] ?? []).filter((code) => code !== undefined);
        if (codes.length < this.codes[name].length) dimensions[name] = codes;
      }
      return dimensions;
    });
  }
}

// Two codes of an axis share a group if they occur with the same codes of all other axes.
function splitBoxes(cells: readonly number[], axes: readonly Codes[]): Codes[][] {
  const [axis, ...others] = axes;
  if (!axis) return cells.length > 0 ? [[]] : [];
  const stride = others.reduce((product, { length }) => product * length, 1);
  const rests = new Map<string | undefined, number[]>();
  for (const cell of cells) append(rests, axis[Math.floor(cell / stride)], cell % stride);
  const together = new Map<string, { codes: (string | undefined)[]; rest: number[] }>();
  for (const [code, rest] of rests) getOrMake(together, rest.join(), () => ({ codes: [], rest })).codes.push(code);
  return [...together.values()].flatMap(({ codes, rest }) => splitBoxes(rest, others).map((box) => [codes, ...box]));
}

// The codes that users' rules name, for each kind of code that the universe leaves out.
export type CodesInRules = ReadonlyMap<keyof Dimensions, ReadonlySet<string>>;

export function codesInRules(universe: Universe, members: readonly Member[], assumptions: Assumptions): CodesInRules {
  const found = new Map<keyof Dimensions, Set<string>>();
  const addCodes = <Name extends RuleName>(name: Name, member: Member): void => {
    const { axes, codesIn } = COVERAGE_RULES[name];
    if (axes.every((axis) => universe[axis.codes])) return;
    const value = ruleValue(name, member, assumptions);
    for (const [index, codes] of value === undefined ? [] : (codesIn?.(value) ?? []).entries()) {
      const axis = axes[index];
      if (!axis || universe[axis.codes]) continue;
      const known = getOrMake(found, axis.codes, () => new Set());
      for (const code of codes) known.add(code);
    }
  };
  for (const member of members) {
    for (const name of KIND_RULES) addCodes(name, member);
  }
  return found;
}

export function leadCodesOf(universe: Universe, found: CodesInRules, { codesLeftOut }: Assumptions): LeadCodes {
  const isTaken = codesLeftOut === "those_in_rules";
  const codes = AXES.map(({ codes: name, documented }) => {
    const known = universe[name] ?? documented ?? (isTaken ? (found.get(name) ?? []) : []);
    return [name, [...new Set(known)].sort()];
  });
  // Safe: `codes` has one list for each axis.
  return Object.fromEntries(codes) as LeadCodes;
}

export function kindsIn(codes: LeadCodes): number {
  return AXES.reduce((product, axis) => product * Math.max(1, codes[axis.codes].length), 1);
}
