import type { ReadUser } from "../read-users.ts";
import type { Assumptions, EligibleUsers, Lead, Locate, Universe } from "../types.ts";
import { admits } from "./admits.ts";
import { type Cells, cellsOf, type MemberMasks } from "./cells.ts";
import { classesOf, type SpotClass } from "./classes.ts";
import { Geography } from "./geography.ts";
import { intersection, type Mask, without } from "./masks.ts";
import { type Member, memberOf } from "./member.ts";
import { type Reach, ReachFinder } from "./reach.ts";
import { Spots } from "./spots.ts";
import { Tally } from "./tally.ts";

/** A user with what its rules admit. */
export interface NetworkUser {
  /** Its place in the order in which users were given. */
  readonly index: number;
  readonly accountNumber: string;
  readonly member: Member;
  readonly masks: MemberMasks;
  readonly reach: Reach;
}

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

/** Spots that the same users reach, and how many are eligible there. */
export interface NetworkClass extends SpotClass {
  readonly status: ClassStatus;
}

/** Users, places and kinds of leads put together: what all findings are read from. */
export class Network {
  readonly users: readonly NetworkUser[];
  readonly assumptions: Assumptions;
  readonly universe: Universe;
  readonly overlapAbove: number | undefined;
  readonly geography: Geography;
  readonly spots: Spots;
  readonly cells: Cells;
  readonly classes: readonly NetworkClass[];
  /** By the number of the spot. */
  readonly #classOf: readonly NetworkClass[];
  /** The users with each reach. */
  readonly #usersOfReach: readonly (readonly NetworkUser[])[];

  constructor(
    users: readonly ReadUser[],
    universe: Universe,
    assumptions: Assumptions,
    locate: Locate | undefined,
    overlapAbove: number | undefined,
  ) {
    this.universe = universe;
    this.assumptions = assumptions;
    this.overlapAbove = overlapAbove;
    this.geography = new Geography(universe.countries, locate);
    this.spots = new Spots(universe.countries, this.geography);
    const members = users.map((user) => memberOf(user, this.geography, assumptions));
    this.cells = cellsOf(universe, members, assumptions);
    const finder = new ReachFinder(this.spots, assumptions);
    this.users = members.map((member, index) => ({
      index,
      accountNumber: member.user.accountNumber,
      member,
      masks: this.cells.masksOf(member),
      reach: finder.of(member),
    }));
    const reaches = finder.found;
    const usersOfReach: NetworkUser[][] = reaches.map(() => []);
    for (const user of this.users) usersOfReach[user.reach.number]?.push(user);
    this.#usersOfReach = usersOfReach;
    this.classes = this.#withStatus(classesOf(reaches, this.spots.all.length));
    // With its length from the start: a list that is filled from behind is slow to read.
    const classOf = new Array<NetworkClass>(this.spots.all.length);
    for (const spotClass of this.classes) for (const spot of spotClass.spots) classOf[spot] = spotClass;
    this.#classOf = classOf;
  }

  /** The class of a spot. */
  classAt(spot: number): NetworkClass {
    // Every spot is in a class.
    return this.#classOf[spot] as NetworkClass;
  }

  /** The users whose area rules admit the spots of a class, in the order they were given. */
  usersOf(spotClass: SpotClass, ...fields: readonly ("pass" | "uncertain")[]): NetworkUser[] {
    const found: NetworkUser[] = [];
    for (const field of fields) {
      for (const reach of spotClass[field]) found.push(...(this.#usersOfReach[reach] ?? []));
    }
    return found.sort((a, b) => a.index - b.index);
  }

  /** Counts for every cell the users whose masks have it. */
  countOf(users: readonly NetworkUser[], field: keyof MemberMasks): Tally {
    const tally = new Tally(this.cells.words, users.length);
    for (const { masks } of users) tally.add(masks[field]);
    return tally;
  }

  /** The users a lead can reach. Only those whose area takes in its postcode are asked. */
  eligible(lead: Lead): EligibleUsers {
    const { country, zipCode, coordinates } = lead;
    const known = zipCode === undefined || coordinates ? undefined : this.spots.ofZip(country, zipCode);
    const users = known === undefined ? this.users : this.usersOf(this.classAt(known), "pass", "uncertain");
    const spot = this.geography.spotOf(lead);
    const [eligible, uncertain]: [string[], string[]] = [[], []];
    for (const { member, accountNumber } of users) {
      const result = admits(member, lead, spot, this.assumptions);
      if (result === "pass") eligible.push(accountNumber);
      else if (result === "uncertain") uncertain.push(accountNumber);
    }
    return { eligible, uncertain };
  }

  #withStatus(classes: readonly SpotClass[]): NetworkClass[] {
    const all = this.cells.all();
    const noCell = this.cells.mask();
    const sure = this.users.every(({ masks }) => masks.pass === masks.possible);
    const eligibleOf = this.#usersOfReach.map((users) => this.countOf(users, "pass"));
    const possibleOf = sure ? eligibleOf : this.#usersOfReach.map((users) => this.countOf(users, "possible"));
    const tally = new Tally(this.cells.words, this.users.length);
    const count = (tallies: readonly Tally[], ...reaches: readonly Int32Array[]) => {
      tally.clear();
      for (const numbers of reaches) {
        for (const number of numbers) {
          const ofReach = tallies[number];
          if (ofReach) tally.add(ofReach);
        }
      }
      const some = tally.moreThan(0);
      return {
        none: without(all, some),
        one: without(some, tally.moreThan(1)),
        tooMany: this.overlapAbove === undefined ? noCell : tally.moreThan(this.overlapAbove),
      };
    };
    return classes.map(({ spots, pass, uncertain }) => {
      const eligible = count(eligibleOf, pass);
      const possible = sure && uncertain.length === 0 ? eligible : count(possibleOf, pass, uncertain);
      const status = {
        gap: possible.none,
        uncertainGap: without(eligible.none, possible.none),
        thin: intersection(eligible.one, possible.one),
        uncertainThin: without(eligible.one, possible.one),
        overlap: eligible.tooMany,
      };
      return { spots, pass, uncertain, status };
    });
  }
}
