import { showIdentity } from "../../base/redact.ts";
import type { TimeSlice } from "../../base/time/time-slice.ts";
import type { UserRules } from "../../rules/rules.ts";
import { type Demand, type DemandSource, demandOf } from "../load/demand.ts";
import { partsOf } from "../load/expected-load.ts";
import { hasBit } from "../load/kinds.ts";
import type { Mask } from "../network/masks.ts";
import { Network } from "../network/network.ts";
import type { Locate } from "../types.ts";
import type { Board, Player } from "./board.ts";
import { type Allowed, type Change, Changes } from "./changes.ts";
import type { Suggestion } from "./types.ts";

/** The load that users are to have, and by what it is measured. */
export interface LoadGoal {
  readonly maxLoad: number;
  readonly minLoad: number;
  readonly demand: DemandSource;
  /** By the index of the user. */
  readonly weights: readonly number[];
}

/** Where changes begin, and which of them there may be. */
export interface Start {
  readonly network: Network;
  readonly locate: Locate | undefined;
  readonly board: Board;
  /** By the index of the user. */
  readonly players: readonly Player[];
  /** The masks that rules of users may become: leads that these tell apart are counted apart. */
  readonly further: readonly Mask[];
  readonly may: (player: Player) => boolean;
  readonly allowed: Allowed;
}

/** A change with the radius at which it reduces the excess most. */
interface Plan {
  readonly change: Change;
  readonly reduction: number;
  readonly km: number;
  /** All spots that it can take in, and the users whose load it changes. */
  readonly spots: readonly number[];
  readonly touched: ReadonlySet<number>;
}

/** Less is rounding. */
const LEAST = 1e-9;
/** A change may bring less than was estimated where it is uncertain who is eligible. Each time it is found out by counting everything again. */
const MOST_FAILURES = 30;

/** Takes the change that reduces the excess over all users most, again and again. Who becomes eligible shares leads, so that no change opens a gap. */
export async function evenLoad(start: Start, goal: LoadGoal, most: number, slice: TimeSlice): Promise<Suggestion[]> {
  const { board, locate, further, allowed, may } = start;
  const players = [...start.players];
  const indexOf = new Map(players.map(({ accountNumber }, index) => [accountNumber, index]));
  let now = await Shares.of(start.network, goal, further, slice);
  const changes = new Changes(board, allowed, (spot) => now.hasLeads(spot));
  const open = new Map<string, Plan>();
  const plan = async (change: Change, index: number) =>
    open.set(change.key, await now.plan(change, index, board, slice));
  const offer = async (player: Player, index: number) => {
    for (const change of changes.of(player)) await plan(change, index);
  };
  for (const [index, player] of players.entries()) if (may(player)) await offer(player, index);
  const found: Suggestion[] = [];
  for (let failures = 0; found.length < most && failures < MOST_FAILURES; ) {
    let best: Plan | undefined;
    for (const one of open.values()) if (one.reduction > (best?.reduction ?? LEAST)) best = one;
    if (!best) break;
    const { change, km } = best;
    const index = indexOf.get(change.player.accountNumber) as number;
    const { after, spots, rules, tell } = change.smallest(board, (spot) => now.hasLeads(spot) && change.km(spot) <= km);
    const users = players.map((player, at) => (at === index ? after : player).member.user);
    const network = await Network.of({ ...start.network, users, locate }, slice, false);
    const next = await Shares.of(network, goal, further, slice);
    if (next.excess > now.excess - LEAST) {
      failures += 1;
      open.set(change.key, { ...best, reduction: 0 });
      continue;
    }
    const effect = board.effectOf(spots, change.kinds);
    board.add(spots, change.kinds);
    const load = { before: now.loads[index] ?? 0, after: next.loads[index] ?? 0 };
    found.push({
      ...{ accountNumber: after.accountNumber, rules: rules as UserRules },
      ...{ inhabitants: effect.inhabitants, gain: effect.gain / board.network.cells.size, load },
      ...tell(effect, { ...load, other: largestFall(players, now, next) }),
    });
    const changed = new Set([...players.keys()].filter((at) => Math.abs(now.loadOf(at) - next.loadOf(at)) > LEAST));
    const taken = new Set(spots);
    now = next;
    players[index] = after;
    for (const { change: other, touched, spots: near } of [...open.values()]) {
      if (other.player === change.player) open.delete(other.key);
      else if ([...touched].some((at) => changed.has(at)) || near.some((spot) => taken.has(spot)))
        await plan(other, indexOf.get(other.player.accountNumber) as number);
    }
    await offer(after, index);
  }
  return found;
}

function largestFall(players: readonly Player[], before: Shares, after: Shares) {
  let [fall, found] = [LEAST, -1];
  for (const at of players.keys()) {
    const less = before.loadOf(at) - after.loadOf(at);
    if (less > fall) [fall, found] = [less, at];
  }
  const player = players[found];
  if (!player) return undefined;
  return { user: showIdentity(player.accountNumber), before: before.loadOf(found), after: after.loadOf(found) };
}

/** The leads of spots that the same users reach. */
interface Place {
  readonly demands: Demand[];
  readonly people: number;
}

/** Who shares which leads, and what each user gets of them. */
class Shares {
  readonly loads: Float64Array;
  readonly #network: Network;
  readonly #goal: LoadGoal;
  /** By the spot; the spots of a class have the same one. */
  readonly #at = new Map<number, Place>();
  /** How the plan that is made changes the load of each user. */
  readonly #moved: Float64Array;

  static async of(network: Network, goal: LoadGoal, further: readonly Mask[], slice: TimeSlice): Promise<Shares> {
    const shares = new Shares(network, goal);
    await demandOf(network, goal.demand, (demand) => shares.#add(demand), slice, further);
    return shares;
  }

  private constructor(network: Network, goal: LoadGoal) {
    this.#network = network;
    this.#goal = goal;
    this.loads = new Float64Array(network.users.length);
    this.#moved = new Float64Array(network.users.length);
  }

  #add(demand: Demand): void {
    const { leads, eligible, uncertain, spots } = demand;
    const [first] = spots;
    if (leads === 0) return;
    const sharing = eligible.length > 0 ? eligible : uncertain;
    const part = partsOf(sharing, this.#goal.weights);
    for (const user of sharing) this.loads[user] = this.loadOf(user) + leads * part(user);
    if (first === undefined) return;
    let place = this.#at.get(first);
    if (!place) {
      place = { demands: [], people: spots.reduce((sum, spot) => sum + this.#peopleAt(spot), 0) };
      for (const spot of spots) this.#at.set(spot, place);
    }
    place.demands.push(demand);
  }

  #peopleAt(spot: number): number {
    return this.#network.spots.at(spot).inhabitants ?? 0;
  }

  loadOf(user: number): number {
    return this.loads[user] ?? 0;
  }

  /** How far the loads of all users are from the goal. */
  get excess(): number {
    return this.loads.reduce((sum, load) => sum + this.#excessOf(load), 0);
  }

  #excessOf(load: number): number {
    return Math.max(0, load - this.#goal.maxLoad) + Math.max(0, this.#goal.minLoad - load);
  }

  hasLeads(spot: number): boolean {
    return this.#partAt(spot) > 0;
  }

  /** The part that is in a spot of the leads of its class. */
  #partAt(spot: number): number {
    const place = this.#at.get(spot);
    if (!place) return 0;
    return (place.demands[0]?.spots.length ?? 0) > 1 ? this.#peopleAt(spot) / place.people : 1;
  }

  /** Takes in one spot after the other, the nearest first, and finds where the excess is least. */
  async plan(change: Change, user: number, board: Board, slice: TimeSlice): Promise<Plan> {
    const { mask, km } = change;
    const { weights } = this.#goal;
    const spots = change.spots(board);
    const wanted = spots.flatMap((spot) => (this.hasLeads(spot) ? [{ spot, at: km(spot) }] : []));
    wanted.sort((a, b) => a.at - b.at);
    const touched = new Set<number>();
    const moved = this.#moved;
    let [excess, reduction, best] = [0, 0, 0];
    const move = (who: number, leads: number) => {
      const before = this.loadOf(who) + (moved[who] ?? 0);
      moved[who] = (moved[who] ?? 0) + leads;
      touched.add(who);
      excess += this.#excessOf(before + leads) - this.#excessOf(before);
    };
    for (const [index, { spot, at }] of wanted.entries()) {
      if (slice.isOver) await slice.next();
      const here = this.#partAt(spot);
      for (const { leads, cells, eligible, uncertain } of this.#at.get(spot)?.demands ?? []) {
        if (eligible.includes(user) || cells.length === 0 || !cells.every((cell) => hasBit(mask, cell))) continue;
        const sharing = eligible.length > 0 ? eligible : uncertain;
        const [before, after] = [partsOf(sharing, weights), partsOf([...eligible, user], weights)];
        for (const who of sharing) move(who, leads * here * ((eligible.length > 0 ? after(who) : 0) - before(who)));
        move(user, leads * here * after(user));
      }
      const isAll = (wanted[index + 1]?.at ?? Number.POSITIVE_INFINITY) > at;
      if (isAll && -excess > reduction + LEAST) [reduction, best] = [-excess, at];
    }
    moved.fill(0);
    return { change, reduction, km: best, spots, touched };
  }
}
