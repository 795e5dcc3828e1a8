import { append } from "../core/values.ts";
import { Cells, codesInRules, kindsIn, leadCodesOf } from "./cells.ts";
import { Geography } from "./geography.ts";
import { type Mask, Tally, without } from "./masks.ts";
import { admits, type Member, memberOf } from "./member.ts";
import { classesOf, type Reach, ReachFinder, type SpotClass, Spots, spotsIn } from "./reach.ts";
import type { ReadUser } from "./read-input.ts";
import { someHaveRules } from "./receiving.ts";
import type { Assumptions, Lead, Locate, Universe } from "./types.ts";

export interface NetworkUser {
  // Index in the list of users that the network was built from.
  readonly index: number;
  readonly accountNumber: string;
  readonly member: Member;
  // The kinds of leads that the user's rules admit.
  readonly mask: Mask;
  readonly reach: Reach;
}

// The kinds of leads (cells) with no user and with one user.
export interface ClassStatus {
  readonly gap: Mask;
  readonly thin: Mask;
}

export interface NetworkClass extends SpotClass {
  readonly status: ClassStatus;
}

interface World {
  readonly users: readonly ReadUser[];
  readonly universe: Universe;
  readonly assumptions: Assumptions;
  readonly locate: Locate | undefined;
  // True: there are users with rules, in `users` or outside of it, so users without rules do not count. Default: whether one
  // of `users` has rules.
  readonly othersHaveRules?: boolean | undefined;
  // Indexes of users. Only the places that these users reach are examined. Default: all places.
  readonly around?: ReadonlySet<number> | undefined;
  // Throws if there are too many kinds of leads.
  checkKinds?(kinds: number): void;
}

// Yields the items unchanged, and lets other work of the process run in between.
type Turns = <T>(items: Iterable<T>) => AsyncIterable<T>;

interface Found {
  readonly geography: Geography;
  readonly spots: Spots;
  readonly cells: Cells;
  readonly users: readonly NetworkUser[];
  readonly notCounted: readonly Member[];
  readonly othersHaveRules: boolean;
  readonly usersOfReach: ReadonlyMap<number, readonly NetworkUser[]>;
  readonly classes: readonly NetworkClass[];
  readonly leavesCodesOut: boolean;
}

// The users, the places and the kinds of leads, from which all findings are made.
export class Network {
  // The users who count for gaps, shares and findings.
  readonly users: readonly NetworkUser[];
  readonly notCounted: readonly Member[];
  readonly othersHaveRules: boolean;
  readonly assumptions: Assumptions;
  readonly universe: Universe;
  readonly geography: Geography;
  readonly spots: Spots;
  readonly cells: Cells;
  readonly classes: readonly NetworkClass[];
  // Whether some codes come from users' rules, because the universe leaves them out.
  readonly leavesCodesOut: boolean;
  // The class of each place, by the number of the place.
  readonly #classOf: readonly NetworkClass[];
  readonly #usersOfReach: Found["usersOfReach"];

  // The page's script passes no `inTurns`, whose code would add the error classes to it. `needsStatus: false` is for a
  // caller that counts users itself.
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
      const member = memberOf(user, geography, othersHaveRules);
      members.push(member);
      if (member.excluded) notCounted.push(member);
      else counted.push([index, member]);
    }
    const inRules = codesInRules(universe, members, assumptions);
    const codes = leadCodesOf(universe, inRules, assumptions);
    world.checkKinds?.(kindsIn(codes));
    const cells = new Cells(codes, universe, assumptions);
    const finder = new ReachFinder(spots, assumptions);
    const users: NetworkUser[] = [];
    const usersOfReach = new Map<number, NetworkUser[]>();
    for (const [index, member] of counted) {
      if (world.around?.has(index)) finder.of(member);
    }
    if (world.around) finder.narrow();
    const noMask = cells.mask();
    for await (const [index, member] of inTurns?.(counted) ?? counted) {
      const reach = finder.of(member);
      const { accountNumber } = member.user;
      const isElsewhere = world.around !== undefined && reach.spots.length === 0;
      const user = { index, accountNumber, member, mask: isElsewhere ? noMask : cells.maskOf(member), reach };
      users.push(user);
      append(usersOfReach, reach.number, user);
    }
    const leavesCodesOut = [...inRules.values()].some((codes) => codes.size > 0);
    const found = { geography, spots, cells, users, notCounted, othersHaveRules, usersOfReach, leavesCodesOut };
    const spotClasses = classesOf(finder.found, spots.all.length);
    const none = { gap: noMask, thin: noMask };
    const classes = needsStatus
      ? withStatus(spotClasses, found)
      : spotClasses.map((spotClass) => ({ ...spotClass, status: none }));
    return new Network(world, { ...found, classes });
  }

  private constructor({ universe, assumptions }: World, found: Found) {
    this.universe = universe;
    this.assumptions = assumptions;
    this.geography = found.geography;
    this.spots = found.spots;
    this.cells = found.cells;
    this.users = found.users;
    this.notCounted = found.notCounted;
    this.othersHaveRules = found.othersHaveRules;
    this.#usersOfReach = found.usersOfReach;
    this.classes = found.classes;
    this.leavesCodesOut = found.leavesCodesOut;
    // The array is allocated at once: V8 reads a sparse array slowly.
    const classOf = new Array<NetworkClass>(this.spots.all.length);
    for (const spotClass of this.classes) for (const spot of spotClass.spots) classOf[spot] = spotClass;
    this.#classOf = classOf;
  }

  classAt(spot: number): NetworkClass {
    // Safe: every place belongs to a class.
    return this.#classOf[spot] as NetworkClass;
  }

  // The users whose area rules admit the places, in the order in which they were given.
  usersOf(spotClass: SpotClass): NetworkUser[] {
    return this.#usersIn(spotClass).sort(inGivenOrder);
  }

  #usersIn({ reaches }: SpotClass): NetworkUser[] {
    const found: NetworkUser[] = [];
    for (const reach of reaches) found.push(...(this.#usersOfReach.get(reach) ?? []));
    return found;
  }

  countOf(users: readonly NetworkUser[]): Tally {
    return countOf(this.cells, users);
  }

  get members(): readonly Member[] {
    return [...this.users.map(({ member }) => member), ...this.notCounted];
  }

  eligible(lead: Lead): string[] {
    const { country, zipCode, coordinates } = lead;
    const known = zipCode === undefined || coordinates ? undefined : this.spots.ofZip(country, zipCode);
    const users = known === undefined ? this.users : this.#usersIn(this.classAt(known));
    const spot = this.geography.spotOf(lead);
    const asked = this.cells.complete(lead);
    const found = users.filter(({ member }) => admits(member, asked, spot, this.assumptions)).sort(inGivenOrder);
    return found.map(({ accountNumber }) => accountNumber);
  }
}

function inGivenOrder(a: NetworkUser, b: NetworkUser): number {
  return a.index - b.index;
}

function countOf({ words }: Cells, users: readonly NetworkUser[]): Tally {
  const tally = new Tally(words, users.length);
  for (const { mask } of users) tally.add(mask);
  return tally;
}

function withStatus(
  classes: readonly SpotClass[],
  { cells, users, usersOfReach }: Omit<Found, "classes">,
): NetworkClass[] {
  const all = cells.all();
  const ofReach = new Map<number, Tally>();
  for (const [reach, some] of usersOfReach) ofReach.set(reach, countOf(cells, some));
  const tally = new Tally(cells.words, users.length);
  return classes.map((spotClass) => {
    tally.clear();
    for (const reach of spotClass.reaches) {
      const own = ofReach.get(reach);
      if (own) tally.add(own);
    }
    const some = tally.moreThan(0);
    const status = {
      gap: without(all, some),
      thin: without(some, tally.moreThan(1)),
    };
    return { ...spotClass, status };
  });
}
