import { clock, ledger as ledgerSchema } from "../../base/validation/parts.ts";
import { argumentsCheck, boolean, number, options as optionsSchema, text } from "../../base/validation/validate.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import { changeEntry } from "../../reconcile/entries/change-entry.ts";
import type { LeaverOptions } from "../types/options.ts";
import type { Leaver } from "../types/records.ts";
import { leaverOf } from "./leaver.ts";

/** Options of {@link listLeavers}. */
export interface ListLeaversOptions extends Pick<LeaverOptions, "graceDays"> {
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Options of {@link markLeaver}. */
export interface MarkLeaverOptions extends Pick<ListLeaversOptions, "now"> {
  /** Whether the leaver was dealt with in Oplead; false takes it back. Default true. */
  readonly done?: boolean | undefined;
}

const checkList = /* @__PURE__ */ argumentsCheck("listLeavers", () => ({
  ledger: ledgerSchema(),
  options: optionsSchema<ListLeaversOptions>({ graceDays: number(0, 36_500), now: clock() }),
}));

const checkMark = /* @__PURE__ */ argumentsCheck("markLeaver", () => ({
  ledger: ledgerSchema(),
  accountNumber: text(),
  options: optionsSchema<MarkLeaverOptions>({ done: boolean(), now: clock() }),
}));

/**
 * The users that left the source, as the last run with all users found them: those missing longest first.
 *
 * @throws {@link OpleadError} `invalid_input`, `ledger_unavailable`.
 */
export async function listLeavers(ledger: Ledger, options: ListLeaversOptions = {}): Promise<Leaver[]> {
  checkList({ ledger, options });
  const { graceDays, now = Date.now } = options;
  const { unidentified = 0 } = (await useLedger(async () => ledger.getInfo())) ?? {};
  const basis = { graceDays, now: now(), unidentified };
  return useLedger(async () => {
    const leavers: Leaver[] = [];
    for await (const [accountNumber, entry] of ledger.entries()) {
      if (entry.id !== undefined && entry.missingSince !== undefined) {
        leavers.push(leaverOf(accountNumber, entry, basis));
      }
    }
    return leavers.sort(byAge);
  });
}

function byAge(a: Leaver, b: Leaver): number {
  return b.days - a.days || (a.accountNumber < b.accountNumber ? -1 : 1);
}

/**
 * Notes that an administrator has dealt with a leaver in Oplead, or takes that back. A user that comes back to the source is no leaver
 * any more, so the note ends then.
 *
 * @returns whether the user is a leaver. @throws {@link OpleadError} `invalid_input`, `ledger_conflict`, `ledger_unavailable`.
 */
export async function markLeaver(
  ledger: Ledger,
  accountNumber: string,
  options: MarkLeaverOptions = {},
): Promise<boolean> {
  checkMark({ ledger, accountNumber, options });
  const { done = true, now = Date.now } = options;
  let isLeaver = false;
  await changeEntry(ledger, accountNumber, (entry) => {
    isLeaver = entry?.id !== undefined && entry.missingSince !== undefined;
    if (!entry || !isLeaver || done === (entry.leaverDone !== undefined)) return undefined;
    return { ...entry, leaverDone: done ? now() : undefined };
  });
  return isLeaver;
}
