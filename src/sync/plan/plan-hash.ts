import { canonicalJson } from "../../base/hash/canonical-json.ts";
import { fnv1a } from "../../base/hash/fnv.ts";
import { hashText } from "../../base/hash/hash.ts";
import { showIdentity } from "../../base/redact.ts";
import { inTurns, type LongWork } from "../../base/time/in-turns.ts";
import { isObject } from "../../base/validation/is-object.ts";
import { identityOf } from "../../ledger/bind.ts";
import type { SavedPlan } from "../types/plan.ts";
import type { Change } from "./judge.ts";

/** How many lists the lines are sorted in. */
const LISTS = 512;

/** The parts of a plan that its hash stands for. A saved plan has them as well, so its hash can be computed again. */
export interface HashedPlan extends Pick<SavedPlan, "platform" | "testMode"> {
  readonly changes: readonly Pick<SavedPlan["changes"][number], "hash">[];
  readonly missing: readonly Pick<SavedPlan["missing"][number], "accountNumber" | "id">[];
  readonly moves: SavedPlan["moves"];
  readonly refusals: readonly Pick<SavedPlan["refusals"][number], "code" | "parameters">[];
}

/**
 * Stands for everything that would be moved and sent, for the users that are missing, for the reasons against the plan with their
 * figures, each in an order of its own, and for the target.
 */
export function planHash({ changes, missing, moves, refusals, platform, testMode }: HashedPlan): string {
  const lists: string[][] = Array.from({ length: LISTS }, () => []);
  const add = (line: string): void => {
    lists[fnv1a(line) % LISTS]?.push(line);
  };
  for (const { hash } of changes) add(hash);
  // A saved plan does not show account numbers that are e-mail addresses. The IDs of Oplead tell such users apart.
  for (const { accountNumber, id } of missing) {
    add(JSON.stringify([showIdentity(accountNumber), showIdentity(id), "missing"]));
  }
  for (const { from, to, id, problem } of moves) {
    if (!problem) add(JSON.stringify([showIdentity(from), id && showIdentity(id), "moved", showIdentity(to)]));
  }
  for (const { code, parameters } of refusals) {
    add(canonicalJson([code, inOrder(parameters)]));
  }
  const hashes: string[] = [JSON.stringify([identityOf(platform), testMode])];
  for (const lines of lists) hashes.push(lines.length === 0 ? "" : hashText(lines.sort().join("\n")));
  return shortHash(hashes.join());
}

/** Figures with their lists in an order of their own: a list names users in the order of the source or of the ledger. */
function inOrder(figures: unknown): unknown {
  if (Array.isArray(figures)) {
    const items = figures.map((item) => canonicalJson(inOrder(item)));
    return items.sort();
  }
  if (!isObject(figures)) return figures;
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, inOrder(value)]));
}

/** The hashes of changes, in their order. */
export async function changeHashes(changes: readonly Change[], work: LongWork): Promise<readonly string[]> {
  const hashes: string[] = [];
  for await (const change of inTurns(changes, work)) hashes.push(changeHash(change));
  return hashes;
}

/** Stands for what would be sent for one user, and for the user in Oplead that would get it. */
function changeHash({ planned, content, open }: Change): string {
  const { accountNumber, kind, id = "", movedFrom = "" } = planned;
  const rules = open.rules.map(({ name, hash }) => `${name}=${hash}`);
  const user = open.user ? content.userHash : "";
  return shortHash(JSON.stringify([accountNumber, kind, id, movedFrom, user, ...rules]));
}

/**
 * Twelve letters and digits: about 71 bits, and short enough to be typed. No "-" or "_", because a command line takes a
 * word that begins with "-" for an option.
 */
function shortHash(text: string): string {
  return hashText(text).replace(/[-_]/g, "").slice(0, 12);
}
