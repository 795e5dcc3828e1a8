import type { Assumptions } from "../assumptions.ts";
import type { ReadUser } from "../read-users.ts";
import type { Lead, Locate, Universe } from "../types.ts";
import { admits } from "./admits.ts";
import { type Cells, cellsOf, type Mask, type MemberMasks } from "./cells.ts";
import { classesOf, type SpotClass } from "./classes.ts";
import { Geography } from "./geography.ts";
import { type Member, memberOf } from "./member.ts";
import { type Reach, ReachFinder } from "./reach.ts";
import { Spots } from "./spots.ts";
import { Tally } from "./tally.ts";

/** The cells of a class for which something holds. */
export interface ClassStatus {
  /** No user can be eligible. */
  readonly gap: Mask;
  /** No user is certainly eligible, and some may be. */
  readonly uncertainGap: Mask;
  /** One user is eligible, and no other can be. */
  readonly thin: Mask;
  /** One user is eligible, and others may be. */
  readonly uncertainThin: Mask;
  /** More users than wanted are eligible. */
  readonly overlap: Mask;
}

/** Users, places and kinds of leads put together: what all findings are read from. */
export class Network {
  readonly users: readonly ReadUser[];
  readonly members: readonly Member[];
  readonly assumptions: Assumptions;
  readonly universe: Universe;
  readonly overlapAbove: number | undefined;
  readonly geography: Geography;
  readonly spots: Spots;
  readonly cells: Cells;
  /** By the number of the user. */
  readonly masks: readonly MemberMasks[];
  readonly reachOf: readonly Reach[];
  readonly classes: readonly SpotClass[];
  /** The number of the class of each spot. */
  readonly classOf: Int32Array;
  /** By the number of the class. */
  readonly status: readonly ClassStatus[];
  /** The numbers of the users with each reach. */
  readonly #usersOfReach: readonly (readonly number[])[];

  constructor(
    users: readonly ReadUser[],
    universe: Universe,
    assumptions: Assumptions,
    locate: Locate | undefined,
    overlapAbove: number | undefined,
  ) {
    this.users = users;
    this.universe = universe;
    this.assumptions = assumptions;
    this.overlapAbove = overlapAbove;
    this.geography = new Geography(universe.countries, locate);
    this.spots = new Spots(universe.countries, this.geography);
    this.members = users.map((user) => memberOf(user, this.geography, assumptions));
    this.cells = cellsOf(universe, this.members, assumptions);
    this.masks = this.members.map((member) => this.cells.masksOf(member, assumptions));
    const finder = new ReachFinder(this.spots, assumptions);
    this.reachOf = this.members.map((member, index) => finder.of(member, users[index] as ReadUser));
    const reaches = [...new Set(this.reachOf)];
    const numbers = new Map(reaches.map((reach, index) => [reach, index]));
    const usersOfReach: number[][] = reaches.map(() => []);
    for (const [user, reach] of this.reachOf.entries()) usersOfReach[numbers.get(reach) ?? 0]?.push(user);
    this.#usersOfReach = usersOfReach;
    this.classes = classesOf(reaches, this.spots.all.length);
    this.classOf = new Int32Array(this.spots.all.length);
    for (const [index, { spots }] of this.classes.entries()) for (const spot of spots) this.classOf[spot] = index;
    this.status = this.#statuses();
  }

  /** The users whose area rules admit the spots of a class, in the order they were given. */
  usersOf(spotClass: SpotClass, field: "pass" | "uncertain"): number[] {
    const users: number[] = [];
    for (const reach of spotClass[field]) for (const user of this.#usersOfReach[reach] ?? []) users.push(user);
    return users.sort((a, b) => a - b);
  }

  /** Counts for every cell the users who are eligible for it in the spots of a class. */
  countEligible(spotClass: SpotClass): Tally {
    const tally = new Tally(this.cells.words);
    for (const user of this.usersOf(spotClass, "pass")) tally.add((this.masks[user] as MemberMasks).pass);
    return tally;
  }

  /** The users a lead can reach. Only those whose area takes in its postcode are asked. */
  eligible(lead: Lead): { eligible: string[]; uncertain: string[] } {
    const spot = this.geography.spotOf(lead);
    const known =
      lead.zipCode === undefined || lead.coordinates ? undefined : this.spots.ofZip(lead.country, lead.zipCode);
    const spotClass = known === undefined ? undefined : this.classes[this.classOf[known] as number];
    const users = spotClass
      ? [...this.usersOf(spotClass, "pass"), ...this.usersOf(spotClass, "uncertain")].sort((a, b) => a - b)
      : this.members.keys();
    const [eligible, uncertain]: [string[], string[]] = [[], []];
    for (const user of users) {
      const member = this.members[user] as Member;
      const result = admits(member, lead, spot, this.assumptions);
      if (result === "pass") eligible.push(member.accountNumber);
      else if (result === "uncertain") uncertain.push(member.accountNumber);
    }
    return { eligible, uncertain };
  }

  #statuses(): ClassStatus[] {
    const { words } = this.cells;
    const all = this.cells.all();
    const none = this.cells.mask();
    const sure = this.masks.every(({ pass, possible }) => pass === possible);
    const eligibleOf = this.#usersOfReach.map((users) => this.#tallyOf(users, "pass"));
    const possibleOf = sure ? eligibleOf : this.#usersOfReach.map((users) => this.#tallyOf(users, "possible"));
    const [eligible, possible] = [new Tally(words), new Tally(words)];
    const add = (tally: Tally, tallies: readonly Tally[], reaches: Int32Array): void => {
      for (const reach of reaches) tally.addTally(tallies[reach] as Tally);
    };
    return this.classes.map((spotClass) => {
      eligible.clear();
      add(eligible, eligibleOf, spotClass.pass);
      const noneEligible = eligible.none(all);
      const oneEligible = eligible.one();
      const overlap = this.overlapAbove === undefined ? none : eligible.moreThan(this.overlapAbove);
      if (sure && spotClass.uncertain.length === 0) {
        return { gap: noneEligible, uncertainGap: none, thin: oneEligible, uncertainThin: none, overlap };
      }
      possible.clear();
      add(possible, possibleOf, spotClass.pass);
      add(possible, possibleOf, spotClass.uncertain);
      const nonePossible = possible.none(all);
      const onePossible = possible.one();
      return {
        gap: nonePossible,
        uncertainGap: without(noneEligible, nonePossible),
        thin: oneEligible.map((word, index) => word & (onePossible[index] as number)),
        uncertainThin: without(oneEligible, onePossible),
        overlap,
      };
    });
  }

  #tallyOf(users: readonly number[], field: "pass" | "possible"): Tally {
    const tally = new Tally(this.cells.words);
    for (const user of users) tally.add((this.masks[user] as MemberMasks)[field]);
    return tally;
  }
}

function without(mask: Mask, taken: Mask): Mask {
  return mask.map((word, index) => word & ~(taken[index] as number));
}
