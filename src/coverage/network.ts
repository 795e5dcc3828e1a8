/*
 * The network: users, places and kinds of leads, and how many users are eligible in every place.
 */

import { append } from "../core/values.ts";
import { Cells, codesInRules, kindsIn, leadCodesOf, type MemberMasks } from "./cells.ts";
import { Geography } from "./geography.ts";
import { intersection, type Mask, Tally, without } from "./masks.ts";
import { admits, type Member, memberOf } from "./member.ts";
import { classesOf, type Reach, ReachFinder, type SpotClass, Spots, spotsIn } from "./reach.ts";
import type { ReadUser } from "./read-input.ts";
import { isCounted, someHaveRules } from "./receiving.ts";
import type { Assumptions, EligibleUsers, Lead, Locate, Universe } from "./types.ts";

/** A user, with the places and the kinds of leads that the user's rules admit. */
export interface NetworkUser {
  /** The index of the user in the list of users that the network was built from. */
  readonly index: number;
  readonly accountNumber: string;
  readonly member: Member;
  readonly masks: MemberMasks;
  readonly reach: Reach;
}

/** The kinds of leads (cells) in the places of a class, by how many users are eligible for them. */
export interface ClassStatus {
  /** Kinds of leads for which no user can be eligible. */
  readonly gap: Mask;
  /** Kinds of leads for which no user is certainly eligible, but some may be. */
  readonly uncertainGap: Mask;
  /** Kinds of leads for which one user is eligible and no other user can be. */
  readonly thin: Mask;
  /** Kinds of leads for which one user is certainly eligible, and others may be. */
  readonly uncertainThin: Mask;
  /** Kinds of leads for which more users than wanted are eligible. */
  readonly overlap: Mask;
}

/** Places that the same users reach, and the kinds of leads that have too few or too many eligible users there. */
export interface NetworkClass extends SpotClass {
  readonly status: ClassStatus;
}

/** The input of a network. */
interface World {
  /** All users. The network keeps users who get no leads in a list of their own. */
  readonly users: readonly ReadUser[];
  readonly universe: Universe;
  readonly assumptions: Assumptions;
  readonly locate: Locate | undefined;
  readonly overlapAbove: number | undefined;
  /** If true, users without rules are not counted. Default: true if one of `users` has rules. */
  readonly othersHaveRules?: boolean | undefined;
  /**
   * Indexes of users. If given, the network holds only the places that these users can reach; otherwise it holds all
   * places.
   */
  readonly around?: ReadonlySet<number> | undefined;
  /** Called with the number of kinds of leads. Throws if there are too many kinds. */
  checkKinds?(kinds: number): void;
}

/** A function that yields items unchanged, and lets other work of the process run in between. */
type Turns = <T>(items: Iterable<T>) => AsyncIterable<T>;

/** What a {@link Network} is made of, computed from a {@link World}. */
interface Found {
  readonly geography: Geography;
  readonly spots: Spots;
  readonly cells: Cells;
  readonly users: readonly NetworkUser[];
  readonly notCounted: readonly Member[];
  readonly othersHaveRules: boolean;
  /** For each reach (the places that area rules admit), the users who have this reach. Indexed by reach number. */
  readonly usersOfReach: ReadonlyMap<number, readonly NetworkUser[]>;
  readonly classes: readonly NetworkClass[];
  /**
   * Whether some codes come from the users' rules, because the universe (the places and codes that are examined) has no
   * list of these codes.
   */
  readonly leavesCodesOut: boolean;
}

/** Holds the users, the places and the kinds of leads. All findings are made from this object. */
export class Network {
  /** The users who count for gaps, shares and findings. */
  readonly users: readonly NetworkUser[];
  /**
   * The users who are not counted, because they seem to get no leads or the caller says so. Only questions about a
   * single lead include them.
   */
  readonly notCounted: readonly Member[];
  /** If true, users without rules are not counted, because other users have rules. */
  readonly othersHaveRules: boolean;
  readonly assumptions: Assumptions;
  readonly universe: Universe;
  readonly overlapAbove: number | undefined;
  readonly geography: Geography;
  readonly spots: Spots;
  readonly cells: Cells;
  readonly classes: readonly NetworkClass[];
  readonly leavesCodesOut: boolean;
  /** The class that each place belongs to, indexed by the number of the place. */
  readonly #classOf: readonly NetworkClass[];
  readonly #usersOfReach: Found["usersOfReach"];
  #members: readonly Member[] | undefined;

  /**
   * Reads the rules of all users, and finds which leads each of them can get in which places. If `needsStatus` is
   * false, the status of each class is empty; this is for callers that count users themselves. `inTurns` lets other
   * work of the process run in between. The script of a page calls this function without `inTurns`: the page has no
   * other work, and the code for turns would bring the package's error classes into the script.
   */
  static async of(world: World, inTurns?: Turns, needsStatus = true): Promise<Network> {
    const { universe, assumptions, locate } = world;
    const geography = new Geography(universe.countries, locate);
    const spots = new Spots();
    for (const spot of spotsIn(universe.countries, geography)) {
      spots.add(spot);
    }
    const { othersHaveRules = someHaveRules(world.users) } = world;
    const members: Member[] = [];
    const counted: [index: number, member: Member][] = [];
    const notCounted: Member[] = [];
    for (const [index, user] of world.users.entries()) {
      const member = memberOf(user, geography, assumptions);
      members.push(member);
      if (isCounted(user, othersHaveRules)) counted.push([index, member]);
      else notCounted.push(member);
    }
    const inRules = codesInRules(universe, members);
    const codes = leadCodesOf(universe, inRules, assumptions);
    world.checkKinds?.(kindsIn(codes));
    const cells = new Cells(codes, assumptions);
    const finder = new ReachFinder(spots, assumptions);
    const users: NetworkUser[] = [];
    const usersOfReach = new Map<number, NetworkUser[]>();
    for (const [index, member] of counted) {
      if (world.around?.has(index)) finder.of(member);
    }
    if (world.around) finder.narrow();
    const noMask = cells.mask();
    const elsewhere = { pass: noMask, possible: noMask };
    for await (const [index, member] of inTurns?.(counted) ?? counted) {
      const reach = finder.of(member);
      const { accountNumber } = member.user;
      const isElsewhere = world.around !== undefined && reach.pass.length + reach.uncertain.length === 0;
      const user = { index, accountNumber, member, masks: isElsewhere ? elsewhere : cells.masksOf(member), reach };
      users.push(user);
      append(usersOfReach, reach.number, user);
    }
    const leavesCodesOut = [...inRules.values()].some((codes) => codes.size > 0);
    const found = { geography, spots, cells, users, notCounted, othersHaveRules, usersOfReach, leavesCodesOut };
    const spotClasses = classesOf(finder.found, spots.all.length);
    const nothing = cells.mask();
    const none = { gap: nothing, uncertainGap: nothing, thin: nothing, uncertainThin: nothing, overlap: nothing };
    const classes = needsStatus
      ? withStatus(spotClasses, world, found)
      : spotClasses.map((spotClass) => ({ ...spotClass, status: none }));
    return new Network(world, { ...found, classes });
  }

  private constructor({ universe, assumptions, overlapAbove }: World, found: Found) {
    this.universe = universe;
    this.assumptions = assumptions;
    this.overlapAbove = overlapAbove;
    this.geography = found.geography;
    this.spots = found.spots;
    this.cells = found.cells;
    this.users = found.users;
    this.notCounted = found.notCounted;
    this.othersHaveRules = found.othersHaveRules;
    this.#usersOfReach = found.usersOfReach;
    this.classes = found.classes;
    this.leavesCodesOut = found.leavesCodesOut;
    // The array is made with its full length. If an array without a length is filled in any order, reading it is slow.
    const classOf = new Array<NetworkClass>(this.spots.all.length);
    for (const spotClass of this.classes) for (const spot of spotClass.spots) classOf[spot] = spotClass;
    this.#classOf = classOf;
  }

  /** The class that a place belongs to. */
  classAt(spot: number): NetworkClass {
    // The cast is safe, because every place belongs to a class.
    return this.#classOf[spot] as NetworkClass;
  }

  /**
   * The users whose area rules admit the places of a class (places that the same users reach), in the order in which
   * the users were given.
   */
  usersOf(spotClass: SpotClass, ...fields: readonly ("pass" | "uncertain")[]): NetworkUser[] {
    return this.#usersIn(spotClass, fields).sort(inGivenOrder);
  }

  /** The users that {@link Network.usersOf} returns, in no particular order. */
  #usersIn(spotClass: SpotClass, fields: readonly ("pass" | "uncertain")[]): NetworkUser[] {
    const found: NetworkUser[] = [];
    for (const field of fields) {
      for (const reach of spotClass[field]) found.push(...(this.#usersOfReach.get(reach) ?? []));
    }
    return found;
  }

  /** Counts, for every kind of lead (cell), the users whose masks contain it. */
  countOf(users: readonly NetworkUser[], field: keyof MemberMasks): Tally {
    return countOf(this.cells, users, field);
  }

  /**
   * All users, in no particular order. The getter always returns the same list, because what is computed from a list of
   * users is cached, with the list as the key.
   */
  get members(): readonly Member[] {
    this.#members ??= [...this.users.map(({ member }) => member), ...this.notCounted];
    return this.#members;
  }

  /** The users that a lead can reach. Only users whose area includes the lead's postcode are asked. */
  eligible(lead: Lead): EligibleUsers {
    const { country, zipCode, coordinates } = lead;
    const known = zipCode === undefined || coordinates ? undefined : this.spots.ofZip(country, zipCode);
    const users = known === undefined ? this.users : this.#usersIn(this.classAt(known), ["pass", "uncertain"]);
    const spot = this.geography.spotOf(lead);
    const found: Record<"pass" | "uncertain", NetworkUser[]> = { pass: [], uncertain: [] };
    for (const user of users) {
      const result = admits(user.member, lead, spot, this.assumptions);
      if (result !== "fail") found[result].push(user);
    }
    // Few of the users of a place are eligible. Only these are sorted, after the others were left out.
    const [eligible, uncertain] = [found.pass, found.uncertain].map((some) =>
      some.sort(inGivenOrder).map(({ accountNumber }) => accountNumber),
    ) as [string[], string[]];
    for (const member of this.notCounted) {
      const result = admits(member, lead, spot, this.assumptions);
      if (result !== "fail") (result === "pass" ? eligible : uncertain).push(member.user.accountNumber);
    }
    return { eligible, uncertain };
  }
}

function inGivenOrder(a: NetworkUser, b: NetworkUser): number {
  return a.index - b.index;
}

function countOf({ words }: Cells, users: readonly NetworkUser[], field: keyof MemberMasks): Tally {
  const tally = new Tally(words, users.length);
  for (const { masks } of users) tally.add(masks[field]);
  return tally;
}

function withStatus(
  classes: readonly SpotClass[],
  { overlapAbove }: World,
  { cells, users, usersOfReach }: Omit<Found, "classes">,
): NetworkClass[] {
  const all = cells.all();
  const noCell = cells.mask();
  const sure = users.every(({ masks }) => masks.pass === masks.possible);
  const tallies = (field: keyof MemberMasks): ReadonlyMap<number, Tally> => {
    const found = new Map<number, Tally>();
    for (const [reach, ofReach] of usersOfReach) {
      found.set(reach, countOf(cells, ofReach, field));
    }
    return found;
  };
  const eligibleOf = tallies("pass");
  const possibleOf = sure ? eligibleOf : tallies("possible");
  const tally = new Tally(cells.words, users.length);
  const count = (of: ReadonlyMap<number, Tally>, ...reaches: readonly Int32Array[]) => {
    tally.clear();
    for (const numbers of reaches) {
      for (const number of numbers) {
        const ofReach = of.get(number);
        if (ofReach) tally.add(ofReach);
      }
    }
    const some = tally.moreThan(0);
    return {
      none: without(all, some),
      one: without(some, tally.moreThan(1)),
      tooMany: overlapAbove === undefined ? noCell : tally.moreThan(overlapAbove),
    };
  };
  const found: NetworkClass[] = [];
  for (const { spots, pass, uncertain } of classes) {
    const eligible = count(eligibleOf, pass);
    const possible = sure && uncertain.length === 0 ? eligible : count(possibleOf, pass, uncertain);
    const status = {
      gap: possible.none,
      uncertainGap: without(eligible.none, possible.none),
      thin: intersection(eligible.one, possible.one),
      uncertainThin: without(eligible.one, possible.one),
      overlap: eligible.tooMany,
    };
    found.push({ spots, pass, uncertain, status });
  }
  return found;
}
