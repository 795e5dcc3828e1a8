import { TimeSlice } from "../../base/time/time-slice.ts";
import type { RuleName, UserRules } from "../../rules/rules.ts";
import { internalsOf } from "../internals.ts";
import { checkedDemand, requireUsers, weightsOf } from "../load/expected-load.ts";
import { type Mask, setBit } from "../network/masks.ts";
import { Network } from "../network/network.ts";
import { checkSuggestOptions } from "../read-options.ts";
import type { CoverageResult } from "../types.ts";
import { Board, type Player } from "./board.ts";
import { type Allowed, type Change, Changes, maskWithRanges } from "./changes.ts";
import { evenLoad, type Start } from "./even-load.ts";
import type { Suggestion, SuggestOptions } from "./types.ts";

const RULES: readonly RuleName[] = ["maxDistance", "geographical", "competences"];

/**
 * The changes of radius, area and ranges that reach the goals: with `gaps`, those that give the most inhabitants without a certainly eligible user one, each as small as it can be for what it
 * gains; the largest gain per change first, unless a change prepares another. Each promise is given the changes before it, so the first n can be made together: coverage
 * for users with these rules gains exactly the sum. Only a rule that a user has is changed, no user gets less, and no overlap is made where
 * the coverage has `overlapAbove`. With `maxLoad` or `minLoad`, those that reduce most what all users together have above `maxLoad` and below `minLoad`:
 * {@link expectedLoad} measures exactly what they promise. Sends nothing.
 *
 * @throws {@link OpleadError} `invalid_options`; `invalid_input` for something that `coverage` did not return; `aborted`.
 *
 * @example
 * ```ts
 * const suggestions = await suggest(result, { limits: { changes: 5, maxDistance: 60 } });
 * ```
 * @experimental
 */
export async function suggest(result: CoverageResult, options: SuggestOptions = {}): Promise<Suggestion[]> {
  checkSuggestOptions(options);
  const { goals: { maxLoad, minLoad, gaps } = {}, limits = {}, share, signal } = options;
  const { network, locate } = internalsOf(result, "suggest");
  const accountNumbers = network.users.map(({ accountNumber }) => accountNumber);
  requireUsers("suggest", "limits.only", limits.only ?? [], accountNumbers);
  const weights = weightsOf("suggest", share, accountNumbers);
  const slice = await TimeSlice.begin("suggest", signal);
  const { changes: most = 10, only, rules = RULES, maxDistance = largestRadius(network) } = limits;
  const may = ({ accountNumber }: Player) => !only || only.includes(accountNumber);
  const allowed = { rules, maxDistance };
  const isForLoad = maxLoad !== undefined || minLoad !== undefined;
  const demand = isForLoad ? await checkedDemand(options, slice) : {};
  const start = await startOf(network, { locate, may, allowed }, slice);
  const found = (gaps ?? !isForLoad) ? await closeGaps(start, most, slice) : [];
  if (!isForLoad || found.length === most) return found;
  const users = network.users.map(({ member: { user }, accountNumber }) => {
    const own = found.filter((one) => one.accountNumber === accountNumber);
    return { ...user, rules: Object.assign({}, user.rules, ...own.map((one) => one.rules)) };
  });
  const closed = await Network.of({ ...network, users, locate }, slice, false);
  const goal = { maxLoad: maxLoad ?? Number.POSITIVE_INFINITY, minLoad: minLoad ?? 0, demand, weights };
  const rest = await startOf(closed, { locate, may, allowed }, slice);
  return [...found, ...(await evenLoad(rest, goal, most - found.length, slice))];
}

type Terms = Pick<Start, "locate" | "may" | "allowed">;

async function startOf(network: Network, terms: Terms, slice: TimeSlice): Promise<Start> {
  const players = playersOf(network);
  const further: Mask[] = [];
  if (terms.allowed.rules.includes("competences")) {
    for (const player of players.filter(terms.may)) {
      if (slice.isOver) await slice.next();
      if (player.member.rules.competences.kind === "set") further.push(maskWithRanges(player, network));
    }
  }
  return { network, players, further, board: await Board.of(network, players, further, slice), ...terms };
}

async function closeGaps(
  { players, board, may, allowed }: Start,
  most: number,
  slice: TimeSlice,
): Promise<Suggestion[]> {
  const start: Open[] = [];
  for (const player of players.filter(may)) await offer(start, new Changes(board, allowed), player, board, 0, slice);
  const attempt = (banned: ReadonlySet<string>, first?: string) =>
    greedy(board, allowed, { open: start, banned, first }, most, slice);
  let best = await attempt(new Set());
  const banned = new Set<string>();
  // Greedy alone guarantees 63 % of what is possible: its first choices can stand in the way of several better ones.
  for (let [tries, at] = [0, 0]; tries < MOST_TRIES && at < best.keys.length; tries += 1) {
    const key = best.keys[at] as string;
    const other = await attempt(new Set([...banned, key]));
    if (other.gain > best.gain) {
      [best, at] = [other, 0];
      banned.add(key);
    } else at += 1;
  }
  // A change that gains little can prepare one that gains much: a radius, and then a range for all of it.
  for (const { change } of [...start].sort((a, b) => b.gain - a.gain).slice(0, MOST_TRIES)) {
    if (best.keys.includes(change.key)) continue;
    const other = await attempt(banned, change.key);
    if (other.gain > best.gain) best = other;
  }
  return best.found;
}

/** How often it is tried to do without one of the changes, and to begin with another one. */
const MOST_TRIES = 60;

interface Attempt {
  readonly found: Suggestion[];
  readonly keys: readonly string[];
  readonly gain: number;
}

/** The changes to choose from: all but some, and perhaps with one that is made first. */
interface Choice {
  readonly open: readonly Open[];
  readonly banned: ReadonlySet<string>;
  readonly first: string | undefined;
}

/** Takes the change with the largest gain, again and again. */
async function greedy(
  given: Board,
  allowed: Allowed,
  { open: start, banned, first }: Choice,
  most: number,
  slice: TimeSlice,
): Promise<Attempt> {
  const board = given.copy();
  const changes = new Changes(board, allowed);
  let open = start.map((one) => ({ ...one }));
  const found: Suggestion[] = [];
  const keys: string[] = [];
  let total = 0;
  while (found.length < most) {
    open = open.filter(({ change }) => !banned.has(change.key));
    const forced = found.length === 0 ? open.find(({ change }) => change.key === first) : undefined;
    const best = forced ?? (await largest(open, board, found.length, slice));
    if (!best) break;
    const { kinds, key, player } = best.change;
    const { after, spots, rules, tell } = best.change.smallest(board);
    const effect = board.effectOf(spots, kinds);
    board.add(spots, kinds);
    total += effect.gain;
    keys.push(key);
    found.push({
      ...{ accountNumber: after.accountNumber, rules: rules as UserRules },
      ...{ inhabitants: effect.inhabitants, gain: effect.gain / board.network.cells.size },
      ...tell(effect),
    });
    // The other changes of this user are to its rules as they were.
    open = open.filter(({ change }) => change.player !== player);
    await offer(open, changes, after, board, found.length, slice);
  }
  return { found, keys, gain: total };
}

async function offer(
  open: Open[],
  changes: Changes,
  player: Player,
  board: Board,
  at: number,
  slice: TimeSlice,
): Promise<void> {
  for (const change of changes.of(player)) {
    if (slice.isOver) await slice.next();
    const gain = board.gainOf(change.spots(board), change.kinds);
    if (gain > 0) open.push({ change, gain, at });
  }
}

/** A change that has not been made, with its gain when `at` changes had been made. */
interface Open {
  readonly change: Change;
  gain: number;
  at: number;
}

/** The change with the largest gain. A gain only becomes smaller, so most need not be computed again. */
async function largest(open: readonly Open[], board: Board, made: number, slice: TimeSlice): Promise<Open | undefined> {
  for (;;) {
    if (slice.isOver) await slice.next();
    let best: Open | undefined;
    for (const one of open) if (one.gain > (best?.gain ?? 0)) best = one;
    if (!best || best.at === made) return best;
    best.gain = board.gainOf(best.change.spots(board), best.change.kinds);
    best.at = made;
  }
}

function playersOf({ users, spots }: Network): Player[] {
  return users.map(({ accountNumber, member, reach, masks }) => {
    const inReach = new Uint32Array(Math.ceil(spots.all.length / 32));
    for (const spot of reach.pass) setBit(inReach, spot);
    return { accountNumber, member, spots: reach.pass, inReach, mask: masks.pass };
  });
}

function largestRadius({ users }: Network): number {
  const radii = users.map(
    ({
      member: {
        rules: { maxDistance },
      },
    }) => (maxDistance.kind === "set" ? maxDistance.value : 0),
  );
  return radii.reduce((most, radius) => Math.max(most, radius), 0) || 100;
}
