import type { UserLine } from "../audit/line.ts";
import { type AuditQuery, readAudit } from "../audit/read-audit.ts";
import { auditedRuns, isOf } from "../audit/runs.ts";
import { argumentsCheck, falseOr, ledger as ledgerSchema, number, options, text } from "../core/validate.ts";
import { readEntry } from "../ledger/entry.ts";
import type { Ledger, LedgerPlatform } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger.ts";
import { adviceFor, caseOf } from "./advice.ts";
import { SYNC_DEFAULTS } from "./read-options.ts";
import type { SyncOptions } from "./types/options.ts";
import { type Advice, type HeldUser, isoTime } from "./types/records.ts";

/** The places where {@link userTimeline} looks. If one is left out, its facts are missing in the timeline. */
export interface TimelineOptions extends Pick<SyncOptions<unknown>, "heldRetryAfterMs"> {
  /** The path that {@link auditFile} was given. */
  readonly audit?: string | undefined;
  /** The present state of the user. */
  readonly ledger?: Ledger | undefined;
  /** Leaves out what runs of another platform did. Default: all runs. */
  readonly platform?: LedgerPlatform | undefined;
}

/** Something that was done for a user, or that failed. */
export interface TimelineEvent extends UserLine {
  /** The remedy for each of its failures. */
  readonly advice: readonly Advice[];
}

/** The history of one user, and its present state. */
export interface UserTimeline {
  readonly accountNumber: string;
  /** The Oplead ID in the ledger, else in the last line that has one. */
  readonly id: string | undefined;
  /** The user's events in the audit, oldest first, also under its earlier account numbers. */
  readonly events: readonly TimelineEvent[];
  /** The earlier account numbers, the oldest first. */
  readonly movedFrom: readonly {
    readonly accountNumber: string;
    /** The first line under the next number, ISO 8601; undefined if none has been written yet. */
    readonly by: string | undefined;
  }[];
  /** The account number that the user has now, if it is another one. */
  readonly movedTo: string | undefined;
  /** The steps that Oplead has refused and that are not sent again before their time. */
  readonly held: readonly (Pick<HeldUser, "step" | "code" | "status" | "since"> & {
    /** When it is sent again although nothing has changed, ISO 8601; undefined: only after a change. */
    readonly until: string | undefined;
    readonly advice: Advice;
  })[];
  /** When it was first missing from the source, ISO 8601. */
  readonly missingSince: string | undefined;
  /** When an administrator said that the leaver was dealt with, ISO 8601. */
  readonly leaverDone: string | undefined;
  /** Whether the ledger has the user; undefined if no ledger was given. */
  readonly inLedger: boolean | undefined;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("userTimeline", () => ({
  accountNumber: text(),
  options: options<TimelineOptions>({
    audit: text(),
    ledger: ledgerSchema(),
    platform: options<LedgerPlatform>({ name: text() }, { baseUrl: text() }),
    heldRetryAfterMs: falseOr(number(0, Number.MAX_SAFE_INTEGER)),
  }),
}));

/**
 * The history of one user, from an audit file and a ledger. Other account numbers with the same Oplead ID are earlier
 * or later ones of the user. Writes nothing.
 *
 * ```ts
 * const { events } = await userTimeline("DEALER-17", { audit: "./audit.jsonl", ledger });
 * for (const { time, outcome, run } of events) console.log(time, outcome, run);
 * ```
 *
 * @throws {@link OpleadError} `invalid_input`, `audit_unavailable`, `ledger_unavailable`.
 */
export async function userTimeline(accountNumber: string, given: TimelineOptions = {}): Promise<UserTimeline> {
  checkArguments({ accountNumber, options: given });
  const { audit, ledger, platform, heldRetryAfterMs = SYNC_DEFAULTS.heldRetryAfterMs } = given;
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
    events: all.map((line) => ({ ...line, advice: line.failures.map((failure) => adviceFor(caseOf(failure))) })),
    movedFrom,
    movedTo: entry?.movedTo ?? after,
    held: Object.values(entry?.held ?? {}).map(({ step, code, status, at }) => ({
      step,
      code,
      status,
      since: isoTime(at),
      advice: adviceFor(caseOf({ step, code, status })),
      until: heldRetryAfterMs === false ? undefined : isoTime(at + heldRetryAfterMs),
    })),
    missingSince: time(entry?.missingSince),
    leaverDone: time(entry?.leaverDone),
    inLedger: ledger && entry !== undefined,
  };
}

/**
 * The account numbers of other lines with the same Oplead ID: those that ended before the number that is asked for, and
 * the last one after it.
 */
function otherNumbers(sameId: readonly UserLine[], asked: string): { before: string[]; after: string | undefined } {
  const end = sameId.findLastIndex((line) => line.accountNumber === asked);
  const numbers = [...new Set(sameId.map((line) => line.accountNumber))].flatMap((number) => {
    const [first, last] = [
      sameId.findIndex((line) => line.accountNumber === number),
      sameId.findLastIndex((line) => line.accountNumber === number),
    ];
    // A user has one number at a time. If the lines of two numbers alternate, the ID belongs to a user on another
    // platform.
    const isOther = number === asked || sameId.slice(first, last).some((line) => line.accountNumber === asked);
    return isOther ? [] : [{ number, last }];
  });
  const isBefore = ({ last }: { readonly last: number }): boolean => end === -1 || last < end;
  return {
    before: numbers.filter(isBefore).map(({ number }) => number),
    after: numbers.findLast((one) => !isBefore(one))?.number,
  };
}

/** The first line that the user has under its next number. */
function lineAfter(sameId: readonly UserLine[], number: string): UserLine | undefined {
  return sameId[sameId.findLastIndex((line) => line.accountNumber === number) + 1];
}

/**
 * The lines of an earlier number that are about the same user: other users may have had the number before and since.
 */
function ofSameUser(lines: readonly UserLine[], sameId: readonly UserLine[], number: string): UserLine[] {
  const [first, next] = [sameId.find((line) => line.accountNumber === number), lineAfter(sameId, number)];
  const isOther = ({ id }: UserLine): boolean => id !== undefined && id !== first?.id;
  const start = lines.findLastIndex((line) => isOther(line) && line.time < (first?.time ?? "")) + 1;
  return lines.slice(start).filter((line) => !isOther(line) && (!next || line.time < next.time));
}

function byTime(a: UserLine, b: UserLine): number {
  return a.time < b.time ? -1 : a.time > b.time ? 1 : 0;
}
