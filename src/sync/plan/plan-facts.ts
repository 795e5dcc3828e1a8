import { internalsOf } from "../../client/client-state.ts";
import { canonicalJson, fnv1a, hashText } from "../../core/hash.ts";
import { showIdentity } from "../../core/redact.ts";
import { inTurns, type LongWork } from "../../core/time.ts";
import { isObject } from "../../core/values.ts";
import { identityOf, platformOf } from "../../ledger/bind.ts";
import type { RateLimitOptions } from "../../transport/options.ts";
import { among, amounts } from "../findings.ts";
import type { Finding } from "../types/findings.ts";
import type { PlanCounts, PlanFacts, PlanSelection, SavedPlan } from "../types/plan.ts";
import { isoTime } from "../types/records.ts";
import { guardLimits } from "./guard.ts";
import { type Change, ofKind } from "./judge.ts";
import type { Guarded, PlanOptions } from "./planning.ts";
import { readsAll } from "./read-source.ts";
import { confirmedAt, hasArrived } from "./refresh.ts";

// Sorts lines in this many lists, so that no single sort takes long.
const LISTS = 512;

// What the hash covers. A saved plan has all of it.
interface HashedPlan extends Pick<SavedPlan, "platform" | "testMode"> {
  readonly changes: readonly Pick<SavedPlan["changes"][number], "hash" | "kind">[];
  readonly findings: readonly Finding[];
  readonly moves: SavedPlan["moves"];
  readonly refusals: readonly Pick<SavedPlan["refusals"][number], "code" | "parameters">[];
}

// Covers content, missing users, moves, refusals with their figures, platform and test mode, in any order. Not users
// that are sent again unchanged: tomorrow they are others.
export function planHash({ changes, findings, moves, refusals, platform, testMode }: HashedPlan): string {
  const lists: string[][] = Array.from({ length: LISTS }, () => []);
  const add = (line: string): void => {
    lists[fnv1a(line) % LISTS]?.push(line);
  };
  for (const { hash, kind } of changes) if (kind !== "refreshed") add(hash);
  // A saved plan hides account numbers that are e-mail addresses; the Oplead ID stays.
  for (const { accountNumber, id } of among(findings, "leaver")) {
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

function inOrder(figures: unknown): unknown {
  if (Array.isArray(figures)) {
    const items = figures.map((item) => canonicalJson(inOrder(item)));
    return items.sort();
  }
  if (!isObject(figures)) return figures;
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, inOrder(value)]));
}

export async function changeHashes(changes: readonly Change[], work: LongWork): Promise<readonly string[]> {
  const hashes: string[] = [];
  for await (const change of inTurns(changes, work)) hashes.push(changeHash(change));
  return hashes;
}

function changeHash({ planned, content, open }: Change): string {
  const { accountNumber, kind, id = "", movedFrom = "" } = planned;
  const rules = open.rules.map(({ name, hash }) => `${name}=${hash}`);
  const user = open.user ? content.userHash : "";
  return shortHash(JSON.stringify([accountNumber, kind, id, movedFrom, user, ...rules]));
}

// About 71 bits, short enough to type. Without "-": a command takes a word that begins with it as an option.
function shortHash(text: string): string {
  return hashText(text).replace(/[-_]/g, "").slice(0, 12);
}

export function planFacts(guarded: Guarded, hashes: readonly string[]): PlanFacts {
  const { oplead, options, plannedAt, read, reading, users, moves, judgement, leavers, changes } = guarded;
  const { guard, policies, refusals } = guarded;
  const { testMode } = oplead;
  const platform = platformOf(oplead);
  const findings: readonly Finding[] = [
    ...judgement.held,
    ...leavers.held,
    ...[...users.invalid(), ...judgement.invalid, ...leavers.invalid].sort((a, b) => a.record - b.record),
    ...users.duplicates(),
    ...judgement.twins,
    ...judgement.waiting,
    ...guarded.suspicious,
    ...judgement.stale,
    ...leavers.all,
  ];
  const sent = [...changes, ...judgement.refreshes];
  const planned = sent.map(({ planned }) => planned);
  const hashed = planned.map(({ kind }, at) => ({ kind, hash: hashes[at] ?? "" }));
  return {
    hash: planHash({ platform, testMode, changes: hashed, findings, moves, refusals }),
    platform,
    testMode,
    selection: selectionOf(options),
    changedSince: reading.request.since && isoTime(reading.request.since.getTime()),
    counts: countsOf(guarded, findings),
    refresh: refreshOf(guarded),
    estimate: estimateOf(sent, internalsOf(oplead).transport.limiter.rate),
    refusals,
    limits: guardLimits(options.guard, guard.figures),
    areas: policies?.areas,
    warnings: guarded.warnings,
    labels: options.coverage?.labels,
    made: options.made && { at: isoTime(plannedAt), from: options.sourceFile, ...options.made },
    changes: planned,
    findings,
    moves,
    columns: read.columns,
  };
}

function refreshOf({ refresh, snapshot, judgement }: Guarded): PlanFacts["refresh"] {
  if (!refresh) return undefined;
  const sent = new Set(judgement.refreshes.map(({ planned }) => planned.accountNumber));
  let oldest = Number.POSITIVE_INFINITY;
  for (const [accountNumber, entry] of snapshot)
    if (hasArrived(entry) && !sent.has(accountNumber)) oldest = Math.min(oldest, confirmedAt(entry));
  const { users, days } = refresh;
  return { users, days, oldestAt: Number.isFinite(oldest) ? isoTime(oldest) : undefined };
}

function selectionOf({ resend, incremental, sourceFile, only, limit, newUsers }: PlanOptions): PlanSelection {
  return {
    resend,
    ...(readsAll(incremental) && { full: true as const }),
    sourceFile,
    only,
    limit,
    newUsers: newUsers.length === 0 ? undefined : newUsers,
  };
}

function countsOf({ read, users, judgement, leavers, changes }: Guarded, findings: readonly Finding[]): PlanCounts {
  const added = ofKind(changes, "new").length;
  const retried = ofKind(changes, "retried").length;
  const amount = amounts(findings);
  return {
    records: read.records,
    new: added,
    changed: changes.length - added - retried,
    retried,
    refreshed: judgement.refreshes.length,
    unchanged: judgement.unchanged,
    held: judgement.heldUsers + leavers.heldUsers,
    invalid: amount("invalid"),
    duplicate: amount("duplicate"),
    twin: amount("twin"),
    waiting: amount("waiting"),
    stale: amount("stale"),
    ignored: users.ignored,
    missing: amount("leaver"),
  };
}

function estimateOf(changes: readonly Change[], rateLimit: RateLimitOptions | false): PlanFacts["estimate"] {
  const requests = changes.reduce((sum, { planned, open }) => {
    return sum + (open.user ? (planned.id === undefined ? 2 : 1) : 0) + open.rules.length;
  }, 0);
  return {
    requests,
    durationMs: rateLimit ? Math.ceil((requests * rateLimit.perMs) / rateLimit.requests) : undefined,
  };
}
