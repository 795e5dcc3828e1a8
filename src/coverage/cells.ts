import { append, getOrMake } from "../core/values.ts";
import type { RuleName } from "../rules/rules.ts";
import { bitsOf, type Mask, setBit } from "./masks.ts";
import type { Member } from "./member.ts";
import { ask, both, type RuleState } from "./member.ts";
import type { Question, Result } from "./rules/rule.ts";
import { AXES, COVERAGE_RULES, KIND_RULES, type RuleValues } from "./rules/rules.ts";
import type { Assumptions, Dimensions, LeadCodes, Universe } from "./types.ts";

/** The codes of one kind (axis), for example all ranges; `[undefined]` if the universe has no codes of this kind. */
type Codes = readonly (string | undefined)[];

/** The kinds of leads (cells) that the rules of a user admit. */
export interface MemberMasks {
  readonly pass: Mask;
  /** The cells that the rules certainly or perhaps admit. The same object as `pass` if no cell is uncertain. */
  readonly possible: Mask;
}

/**
 * The kinds of leads. Each combination of one code per axis is a cell. Cells are numbered in the order of nested loops
 * over the axes, with the last axis in the innermost loop.
 */
export class Cells {
  readonly codes: LeadCodes;
  /** How many cells, that is kinds of leads, there are. */
  readonly size: number;
  /** How many words of 32 bits a mask has. */
  readonly words: number;
  /**
   * The rules that ask for codes of a lead. Each has one question for every combination of the codes that it asks for.
   */
  readonly #rules: readonly { readonly name: RuleName; readonly questions: readonly Question[] }[];

  constructor(codes: LeadCodes, assumptions: Assumptions) {
    this.codes = codes;
    this.size = kindsIn(codes);
    this.words = Math.ceil(this.size / 32);
    // The answers of these rules do not depend on the place of the lead, so any place will do.
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

  #codesOf(name: keyof LeadCodes): Codes {
    return this.codes[name].length > 0 ? this.codes[name] : [undefined];
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

  /** The kinds of leads that have these codes, as a mask of cells. */
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

  /**
   * The kinds of leads that a user's rules admit, as masks of cells. Each rule is evaluated once for each combination
   * of the codes that the rule depends on.
   */
  masksOf({ rules }: Member): MemberMasks {
    const results = this.#rules.map(({ name, questions }) => questions.map((question) => ask(name, rules, question)));
    const [pass, possible] = [this.mask(), this.mask()];
    let sure = true;
    /**
     * Goes through the rules, chooses codes for each rule in turn, and adds the cells that all rules admit. `rule`: the
     * index of the next rule to ask. `cell`: the number of the cell, as far as the codes chosen so far determine it.
     * `before`: the combined result of the rules asked so far.
     */
    const add = (rule: number, cell: number, before: Result): void => {
      const own = results[rule];
      if (!own) {
        if (before === "pass") setBit(pass, cell);
        else sure = false;
        setBit(possible, cell);
        return;
      }
      for (let place = 0; place < own.length; place += 1) {
        const result = both(before, own[place] ?? "fail");
        if (result !== "fail") add(rule + 1, cell * own.length + place, result);
      }
    };
    add(0, 0, "pass");
    return { pass, possible: sure ? pass : possible };
  }

  /**
   * Describes kinds of leads by lists of codes: a description means every combination of one code from each list.
   * Several descriptions are returned if a single one cannot describe the kinds. A list that would hold all codes of
   * one kind is left out.
   */
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

/**
 * Splits cells into few groups. A group is one list of codes for each axis, and stands for all combinations of one code
 * from each list. Two codes of an axis share a group if the cells combine both codes with the same codes of all other
 * axes.
 */
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

/**
 * The codes that the users' rules name. If the universe (the leads that are possible) has no list of one kind of code,
 * these codes stand in for that list.
 */
export type CodesInRules = ReadonlyMap<keyof Dimensions, ReadonlySet<string>>;

export function codesInRules(universe: Universe, members: readonly Member[]): CodesInRules {
  const found = new Map<keyof Dimensions, Set<string>>();
  const addCodes = <Name extends RuleName>(name: Name, { rules }: Member): void => {
    const { axes, codesIn } = COVERAGE_RULES[name];
    const state: RuleState<RuleValues[Name]> = rules[name];
    if (state.kind !== "set" || axes.every((axis) => universe[axis.codes])) return;
    for (const [index, codes] of (codesIn?.(state.value) ?? []).entries()) {
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

/** The codes of a universe. If the universe leaves out a list, the codes that users' rules name are used. */
export function leadCodesOf(universe: Universe, found: CodesInRules, { codesLeftOut }: Assumptions): LeadCodes {
  const isTaken = codesLeftOut === "those_in_rules";
  const codes = AXES.map(({ codes: name, documented }) => {
    const known = universe[name] ?? documented ?? (isTaken ? (found.get(name) ?? []) : []);
    return [name, [...new Set(known)].sort()];
  });
  // The cast is safe, because `codes` has one list for each axis.
  return Object.fromEntries(codes) as LeadCodes;
}

/** How many kinds of leads there are. */
export function kindsIn(codes: LeadCodes): number {
  return AXES.reduce((product, axis) => product * Math.max(1, codes[axis.codes].length), 1);
}
