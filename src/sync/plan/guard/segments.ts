import { isComparable } from "../../../reconcile/content/compare.ts";
import type { KeptOf } from "../../../reconcile/entries/presence.ts";
import type { Leaver } from "../../types/records.ts";
import type { Change } from "../judge.ts";
import type { LedgerSnapshot } from "../ledger-snapshot.ts";
import type { SourceRow } from "../source/source-users.ts";
import { type ChangeCounts, countChanges } from "./count-changes.ts";

/** Figures of all users, or of those of a segment. */
export interface UserFigures extends ChangeCounts {
  /** Users that Oplead has, according to the ledger, and that were not missing before. */
  readonly population: number;
  /** How many of them the ledger can compare. Not those whose ids were imported without their content. */
  readonly comparable: number;
  /** Users in the source, those that cannot be sent included. */
  readonly inSource: number;
  /** Users that are missing for the first time. */
  readonly missing: number;
  /** Users of the {@link UserFigures.population} whose record is invalid, or that several records have: they are not sent. */
  readonly invalid: number;
}

export interface SegmentFigures extends UserFigures {
  readonly segment: string;
}

/** The segments of the users of a source, by account number. */
export type SegmentsInSource = ReadonlyMap<string, string>;

export function segmentsInSource(rows: ReadonlyMap<string, SourceRow>, ledger: LedgerSnapshot): SegmentsInSource {
  const found = new Map<string, string>();
  for (const [accountNumber, { segment, state }] of rows) {
    // A record that could not be mapped says nothing of its segment.
    const known = segment ?? (state === "invalid" ? ledger.get(accountNumber)?.segment : undefined);
    if (known !== undefined) found.set(accountNumber, known);
  }
  return found;
}

/** The entry of a user keeps the segment that the source names. */
export function segmentToKeep(segment: string | undefined): KeptOf {
  return (entry) => (entry.segment === segment ? undefined : { segment });
}

/**
 * The figures of each segment that a user had or has, without its changes. A user counts where the ledger has it, so that a segment that is
 * emptied shows it; one of which the ledger keeps no segment yet, where the source has it.
 */
export function countSegments(
  source: SegmentsInSource,
  ledger: LedgerSnapshot,
  { missing, invalid }: { readonly missing: readonly Leaver[]; readonly invalid: readonly string[] },
): SegmentFigures[] {
  const none = { population: 0, comparable: 0, inSource: 0, missing: 0, invalid: 0, new: 0, changed: 0, moved: 0 };
  const found = new Map<string, { -readonly [Name in keyof SegmentFigures]: SegmentFigures[Name] }>();
  const count = (segment: string | undefined, ...names: readonly (keyof typeof none)[]): void => {
    if (segment === undefined) return;
    const known = found.get(segment) ?? { segment, ...none };
    found.set(segment, known);
    for (const name of names) known[name] += 1;
  };
  const segmentOf = (accountNumber: string) => ledger.get(accountNumber)?.segment ?? source.get(accountNumber);
  for (const [accountNumber, entry] of ledger) {
    if (entry.id === undefined || entry.missingSince !== undefined) continue;
    count(segmentOf(accountNumber), "population", ...(isComparable(entry) ? (["comparable"] as const) : []));
  }
  for (const segment of source.values()) {
    count(segment, "inSource");
  }
  for (const { accountNumber } of missing) count(segmentOf(accountNumber), "missing");
  for (const accountNumber of invalid) count(segmentOf(accountNumber), "invalid");
  return [...found.values()];
}

/** The figures of segments with those of changes. */
export function withChanges(segments: readonly SegmentFigures[], changes: readonly Change[]): SegmentFigures[] {
  if (segments.length === 0) return [];
  const bySegment = new Map(segments.map(({ segment }) => [segment, [] as Change[]]));
  for (const change of changes) if (change.segment !== undefined) bySegment.get(change.segment)?.push(change);
  return segments.map((figures) => ({ ...figures, ...countChanges(bySegment.get(figures.segment) ?? []) }));
}
