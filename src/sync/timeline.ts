import type { UserLine } from "../audit/line.ts";
import { type AuditQuery, readAudit } from "../audit/read-audit.ts";
import { auditedRuns, isOf } from "../audit/runs.ts";
import { readEntry } from "../ledger/entry.ts";
import type { Ledger, LedgerEntry, LedgerPlatform } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger.ts";
import { settlesAt } from "../reconcile/intent.ts";
import { LATE_MS } from "../transport/settings.ts";
import { adviceFor, caseOf } from "./advice.ts";
import { HELD_MS } from "./read-options.ts";
import type { Finding } from "./types/findings.ts";
import type { Advice } from "./types/messages.ts";
import { isoTime } from "./types/records.ts";

export interface TimelineOptions {
  readonly audit?: string | undefined;
  readonly ledger?: Ledger | undefined;
  readonly platform?: LedgerPlatform | undefined;
  readonly lateMs?: number | undefined;
}

export interface TimelineEvent extends UserLine {
  readonly advice: readonly Advice[];
}

export interface UserTimeline {
  readonly accountNumber: string;
  readonly id: string | undefined;
  readonly events: readonly TimelineEvent[];
  readonly movedFrom: readonly {
    readonly accountNumber: string;
    readonly by: string | undefined;
  }[];
  readonly movedTo: string | undefined;
  readonly held: readonly (Pick<Finding<"held">, "step" | "code" | "status" | "fields" | "since"> & {
    readonly until: string;
    readonly advice: Advice;
  })[];
  readonly missingSince: string | undefined;
  readonly leaverDone: string | undefined;
  /** A request of `at` may still arrive at Oplead; everything is sent once more after `until`. */
  readonly intent: { readonly at: string; readonly until: string } | undefined;
  readonly inLedger: boolean | undefined;
}

export function arrivalOf({ intent }: LedgerEntry, lateMs = LATE_MS): UserTimeline["intent"] {
  return intent && { at: isoTime(intent.at), until: isoTime(settlesAt(intent, lateMs)) };
}

// Takes account numbers with the same Oplead ID as one user.
export async function userTimeline(accountNumber: string, given: TimelineOptions = {}): Promise<UserTimeline> {
  const { audit, ledger, platform, lateMs } = given;
  const stored = await useLedger(async () => ledger?.get(accountNumber));
  const entry = stored && readEntry(stored);
  const foreign = new Set<string | undefined>();
  if (audit !== undefined && platform) {
    for (const run of auditedRuns(audit)) if (!isOf(run, platform)) foreign.add(run.run);
  }
  const linesWith = (query: AuditQuery): UserLine[] => {
    if (audit === undefined) return [];
    const lines = [...readAudit(audit, query)].flatMap((line) => (line.event === "user" ? line : []));
    return lines.filter(({ run }) => !foreign.has(run)).sort(byTime);
  };

  const own = linesWith({ accountNumber });
  const id = entry?.id ?? own.findLast((line) => line.id !== undefined)?.id;
  const sameId = id === undefined ? [] : linesWith({ id });
  const { before, after } = otherNumbers(sameId, accountNumber);
  const earlier = before.flatMap((other) => ofSameUser(linesWith({ accountNumber: other }), sameId, other));
  const all = [...earlier, ...own].sort(byTime);
  const movedFrom: { readonly accountNumber: string; readonly by: string | undefined }[] = before.map((other) => ({
    accountNumber: other,
    by: lineAfter(sameId, other)?.time,
  }));
  const pending = entry?.movedFrom;
  if (pending !== undefined && !before.includes(pending)) movedFrom.push({ accountNumber: pending, by: undefined });
  const time = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : isoTime(ms));
  return {
    accountNumber,
    id,
    events: all.map((line) => ({ ...line, advice: line.failed.map((step) => adviceFor(caseOf(step))) })),
    movedFrom,
    movedTo: entry?.movedTo ?? after,
    held: Object.values(entry?.held ?? {}).map(({ step, code, status, fields, at }) => ({
      step,
      code,
      status,
      fields,
      since: isoTime(at),
      advice: adviceFor(caseOf({ step, code, status })),
      until: isoTime(at + HELD_MS),
    })),
    missingSince: time(entry?.missingSince),
    leaverDone: time(entry?.leaverDone),
    intent: entry && arrivalOf(entry, lateMs),
    inLedger: ledger && entry !== undefined,
  };
}

// `after` is the newest of several later numbers.
function otherNumbers(sameId: readonly UserLine[], asked: string): { before: string[]; after: string | undefined } {
  const end = sameId.findLastIndex((line) => line.accountNumber === asked);
  const numbers = [...new Set(sameId.map((line) => line.accountNumber))].flatMap((number) => {
    const [first, last] = [
      sameId.findIndex((line) => line.accountNumber === number),
      sameId.findLastIndex((line) => line.accountNumber === number),
    ];
    // Numbers that alternate belong to two users, of two platforms with the same Oplead ID.
    const isOther = number === asked || sameId.slice(first, last).some((line) => line.accountNumber === asked);
    return isOther ? [] : [{ number, last }];
  });
  const isBefore = ({ last }: { readonly last: number }): boolean => end === -1 || last < end;
  return {
    before: numbers.filter(isBefore).map(({ number }) => number),
    after: numbers.findLast((one) => !isBefore(one))?.number,
  };
}

function lineAfter(sameId: readonly UserLine[], number: string): UserLine | undefined {
  return sameId[sameId.findLastIndex((line) => line.accountNumber === number) + 1];
}

// Keeps lines of one user only: others may have had the number before or after.
function ofSameUser(lines: readonly UserLine[], sameId: readonly UserLine[], number: string): UserLine[] {
  const [first, next] = [sameId.find((line) => line.accountNumber === number), lineAfter(sameId, number)];
  const isOther = ({ id }: UserLine): boolean => id !== undefined && id !== first?.id;
  const start = lines.findLastIndex((line) => isOther(line) && line.time < (first?.time ?? "")) + 1;
  return lines.slice(start).filter((line) => !isOther(line) && (!next || line.time < next.time));
}

function byTime(a: UserLine, b: UserLine): number {
  return a.time < b.time ? -1 : a.time > b.time ? 1 : 0;
}
