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

/** The places where {@link userTimeline} looks. If one of them is left out, the timeline lacks the facts from there. */
export interface TimelineOptions extends Pick<SyncOptions<unknown>, "heldRetryAfterMs"> {
  /** The path of the audit file, as it was given to {@link auditFile}. */
  readonly audit?: string | undefined;
  /** The ledger, which tells the present state of the user. */
  readonly ledger?: Ledger | undefined;
  /** Leaves out runs on another platform. Default: all runs. */
  readonly platform?: LedgerPlatform | undefined;
}

/** One attempt to send a user, with its outcome. */
export interface TimelineEvent extends UserLine {
  /** The remedy for each failure of this event. */
  readonly advice: readonly Advice[];
}

/** The history of one user, and its present state. */
export interface UserTimeline {
  readonly accountNumber: string;
  /** The Oplead ID in the ledger. If the ledger has none, the ID in the latest line of the audit that has one. */
  readonly id: string | undefined;
  /** The user's events in the audit, oldest first. Events under its earlier account numbers are included. */
  readonly events: readonly TimelineEvent[];
  /** The earlier account numbers, the oldest first. */
  readonly movedFrom: readonly {
    readonly accountNumber: string;
    /**
     * The time of the first audit line under the account number that the user got after this one, ISO 8601; undefined
     * if there is no such line yet.
     */
    readonly by: string | undefined;
  }[];
  /** The account number that the user has now, if it is not the given one. */
  readonly movedTo: string | undefined;
  /**
   * The steps that Oplead has refused. A step is not sent again before its content changes or its `until` has passed.
   */
  readonly held: readonly (Pick<HeldUser, "step" | "code" | "status" | "since"> & {
    /**
     * When the step is sent again with the same content, ISO 8601; undefined if it is sent again only after a change.
     */
    readonly until: string | undefined;
    readonly advice: Advice;
  })[];
  /** When the user was first missing from the source, ISO 8601. */
  readonly missingSince: string | undefined;
  /** When an administrator noted that the leaver was dealt with, ISO 8601. */
  readonly leaverDone: string | undefined;
  /** Whether the ledger has the user. Undefined if no ledger was given. */
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
 * The history of one user, from an audit file and a ledger. Other account numbers with the same Oplead ID are taken as
 * earlier or later account numbers of the user. Writes nothing.
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

/**
 * The account numbers that the user had before and after the account number `asked`. They are found in the audit lines
 * with the user's Oplead ID. `before`: the numbers that have no line after the last line of `asked`. `after`: a number
 * that has a later line; if there are several, the one that came into use last.
 */
function otherNumbers(sameId: readonly UserLine[], asked: string): { before: string[]; after: string | undefined } {
  const end = sameId.findLastIndex((line) => line.accountNumber === asked);
  const numbers = [...new Set(sameId.map((line) => line.accountNumber))].flatMap((number) => {
    const [first, last] = [
      sameId.findIndex((line) => line.accountNumber === number),
      sameId.findLastIndex((line) => line.accountNumber === number),
    ];
    // A user has only one account number at a time. If audit lines with two account numbers alternate, one of the
    // numbers belongs to a user on another platform that has the same Oplead ID.
    const isOther = number === asked || sameId.slice(first, last).some((line) => line.accountNumber === asked);
    return isOther ? [] : [{ number, last }];
  });
  const isBefore = ({ last }: { readonly last: number }): boolean => end === -1 || last < end;
  return {
    before: numbers.filter(isBefore).map(({ number }) => number),
    after: numbers.findLast((one) => !isBefore(one))?.number,
  };
}

/** Returns the first audit line with the account number that the user got after `number`. */
function lineAfter(sameId: readonly UserLine[], number: string): UserLine | undefined {
  return sameId[sameId.findLastIndex((line) => line.accountNumber === number) + 1];
}

/**
 * The audit lines under an earlier account number that belong to this user. Other users may have had the number before
 * or after this user.
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
