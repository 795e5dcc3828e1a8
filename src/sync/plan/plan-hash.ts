import { canonicalJson } from "../../base/hash/canonical-json.ts";
import { fnv1a } from "../../base/hash/fnv.ts";
import { hashText } from "../../base/hash/hash.ts";
import { showIdentity } from "../../base/redact.ts";
import type { Slice } from "../../base/time/time-slice.ts";
import { isObject } from "../../base/validation/is-object.ts";
import { identityOf } from "../../ledger/bind.ts";
import type { SavedPlan } from "../types/plan.ts";
import type { Change } from "./judge.ts";

/** How many lists the lines are sorted in: short lists do not keep the event loop waiting. */
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
export function planHash(plan: HashedPlan): string {
  const steps = hashing(plan);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** {@link planHash}, in time slices. */
export async function planHashInSlices(plan: HashedPlan, slice: Slice): Promise<string> {
  const steps = hashing(plan);
  for (;;) {
    if (slice.isOver) await slice.next();
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Pauses after each line, and after each list that is sorted. */
function* hashing({
  changes,
  missing,
  moves,
  refusals,
  platform,
  testMode,
}: HashedPlan): Generator<void, string, void> {
  const lists: string[][] = Array.from({ length: LISTS }, () => []);
  const add = (line: string): void => {
    lists[fnv1a(line) % LISTS]?.push(line);
  };
  for (const { hash } of changes) {
    add(hash);
    yield;
  }
  // A saved plan does not show account numbers that are e-mail addresses. The IDs of Oplead tell such users apart.
  for (const { accountNumber, id } of missing) {
    add(JSON.stringify([showIdentity(accountNumber), showIdentity(id), "missing"]));
    yield;
  }
  for (const { from, to, id, problem } of moves) {
    if (!problem) add(JSON.stringify([showIdentity(from), id && showIdentity(id), "moved", showIdentity(to)]));
    yield;
  }
  for (const { code, parameters } of refusals) {
    add(canonicalJson([code, inOrder(parameters)]));
    yield;
  }
  const hashes: string[] = [JSON.stringify([identityOf(platform), testMode])];
  for (const lines of lists) {
    hashes.push(lines.length === 0 ? "" : hashText(lines.sort().join("\n")));
    yield;
  }
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
export async function changeHashes(changes: readonly Change[], slice: Slice): Promise<readonly string[]> {
  const hashes: string[] = [];
  for (const change of changes) {
    if (slice.isOver) await slice.next();
    hashes.push(changeHash(change));
  }
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
