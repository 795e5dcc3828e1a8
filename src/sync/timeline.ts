import type { UserLine } from "../audit/line.ts";
import { type AuditQuery, readAudit } from "../audit/read-audit.ts";
import { auditedRuns, isOf } from "../audit/runs.ts";
import { argumentsCheck, falseOr, ledger as ledgerSchema, number, options, text } from "../core/validate.ts";
import { readEntry } from "../ledger/entry.ts";
import type { Ledger, LedgerPlatform } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger.ts";
import { adviceFor, caseOf } from "./advice.ts";
import { SYNC_DEFAULTS } from "./read-options.ts";
import type { Advice } from "./types/messages.ts";
import type { SyncOptions } from "./types/options.ts";
import { type HeldUser, isoTime } from "./types/records.ts";

/** Where {@link userTimeline} looks. It lacks the facts of what is omitted. */
export interface TimelineOptions extends Pick<SyncOptions<unknown>, "heldRetryAfterMs"> {
  /** The audit file, as given to {@link auditFile}. */
  readonly audit?: string | undefined;
  /** The ledger, for the present state of the user. */
  readonly ledger?: Ledger | undefined;
  /** Leaves out runs on another platform. Default: all runs. */
  readonly platform?: LedgerPlatform | undefined;
}

/** One attempt to send a user, with its outcome. */
export interface TimelineEvent extends UserLine {
  /** For each failure. */
  readonly advice: readonly Advice[];
}

/** The history of one user, and its present state. */
export interface UserTimeline {
  readonly accountNumber: string;
  /** From the ledger, or else from the latest audit line that has one. */
  readonly id: string | undefined;
  /** Oldest first, with those under earlier account numbers. */
  readonly events: readonly TimelineEvent[];
  /** Oldest first. */
  readonly movedFrom: readonly {
    readonly accountNumber: string;
    /** The first audit line under the next account number, ISO 8601; undefined without one. */
    readonly by: string | undefined;
  }[];
  /** The present account number, if another. */
  readonly movedTo: string | undefined;
  /** Refused steps: sent again when their content changes or `until` has passed. */
  readonly held: readonly (Pick<HeldUser, "step" | "code" | "status" | "since"> & {
    /** ISO 8601; undefined: only after a change. */
    readonly until: string | undefined;
    readonly advice: Advice;
  })[];
  /** First missing from the source, ISO 8601. */
  readonly missingSince: string | undefined;
  /** Dealt with by an administrator, ISO 8601. */
  readonly leaverDone: string | undefined;
  /** Undefined without a ledger. */
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
 * The history of one user, from an audit file and a ledger. Account numbers with the same Oplead ID count as earlier or
 * later ones of the user. Writes nothing.
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
    events: all.map((line) => ({ ...line, advice: line.failed.map((step) => adviceFor(caseOf(step))) })),
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

// `after`: of several, the newest.
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

// Others may have had the number before or after.
function ofSameUser(lines: readonly UserLine[], sameId: readonly UserLine[], number: string): UserLine[] {
  const [first, next] = [sameId.find((line) => line.accountNumber === number), lineAfter(sameId, number)];
  const isOther = ({ id }: UserLine): boolean => id !== undefined && id !== first?.id;
  const start = lines.findLastIndex((line) => isOther(line) && line.time < (first?.time ?? "")) + 1;
  return lines.slice(start).filter((line) => !isOther(line) && (!next || line.time < next.time));
}

function byTime(a: UserLine, b: UserLine): number {
  return a.time < b.time ? -1 : a.time > b.time ? 1 : 0;
}
