import { TimeSlice } from "../../base/time-slice.ts";
import type { RuleName, UserRules } from "../../rules/rules.ts";
import { internalsOf } from "../internals.ts";
import { requireUsers } from "../load/expected-load.ts";
import { type Mask, setBit } from "../network/masks.ts";
import type { Network } from "../network/network.ts";
import { checkSuggestOptions } from "../read-options.ts";
import type { CoverageResult } from "../types.ts";
import { Board, type Player } from "./board.ts";
import { type Change, Changes, maskWithRanges } from "./changes.ts";
import type { Suggestion, SuggestOptions } from "./types.ts";

const RULES: readonly RuleName[] = ["maxDistance", "geographical", "competences"];

/**
 * The changes of radius, area and ranges that give the most inhabitants without a certainly eligible user one, each as small as it can be for what it
 * gains; the largest gain per change first. Each promise is given the changes before it, so the first n can be made together: coverage
 * for users with these rules gains exactly the sum. Only a rule that a user has is changed, no user gets less, and no overlap is made where
 * the coverage has `overlapAbove`. Sends
 * nothing.
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
  const { goals: { gaps = true } = {}, limits = {}, signal } = options;
  const { network } = internalsOf(result, "suggest");
  requireUsers(
    "suggest",
    "limits.only",
    limits.only ?? [],
    network.users.map(({ accountNumber }) => accountNumber),
  );
  const slice = await TimeSlice.begin("suggest", signal);
  if (!gaps) return [];
  const players = playersOf(network);
  const { changes: most = 10, only, rules = RULES, maxDistance = largestRadius(network) } = limits;
  const may = players.filter(({ accountNumber }) => !only || only.includes(accountNumber));
  const further: Mask[] = [];
  if (rules.includes("competences")) {
    for (const player of may) {
      if (slice.isOver) await slice.next();
      if (player.member.rules.competences.kind === "set") further.push(maskWithRanges(player, network));
    }
  }
  const board = await Board.of(network, players, further, slice);
  const changes = new Changes(board, { rules, maxDistance });
  const open: Open[] = [];
  const offer = async (player: Player) => {
    for (const change of changes.of(player)) {
      if (slice.isOver) await slice.next();
      const gain = board.gainOf(change.spots(board), change.kinds);
      if (gain > 0) open.push({ change, gain, at: found.length });
    }
  };
  const found: Suggestion[] = [];
  for (const player of may) await offer(player);
  while (found.length < most) {
    const best = await largest(open, board, found.length, slice);
    if (!best) break;
    const { kinds } = best.change;
    const { after, spots, rules: patch, tell } = best.change.smallest(board);
    const effect = board.effectOf(spots, kinds);
    board.add(spots, kinds);
    const { accountNumber } = after;
    const gain = effect.gain / network.cells.size;
    found.push({ accountNumber, rules: patch as UserRules, inhabitants: effect.inhabitants, gain, ...tell(effect) });
    // The other changes of this user are to its rules as they were.
    for (let at = open.length - 1; at >= 0; at -= 1)
      if (open[at]?.change.player === best.change.player) open.splice(at, 1);
    await offer(after);
  }
  return found;
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
