import {
  argumentsCheck,
  boolean,
  clock,
  ledger as ledgerSchema,
  number,
  options as optionsSchema,
  text,
} from "../core/validate.ts";
import { type Ledger, type LedgerEntry, useLedger } from "../ledger/ledger.ts";
import { changeEntry } from "../reconcile/change-entry.ts";
import { among } from "./findings.ts";
import { LEAVER_DEFAULTS } from "./read-options.ts";
import { type Finding, NO_RECORD } from "./types/findings.ts";
import type { LeaverOptions } from "./types/options.ts";
import { isoTime } from "./types/records.ts";

const checkList = /* @__PURE__ */ argumentsCheck("listLeavers", () => ({
  ledger: ledgerSchema(),
  options: optionsSchema({
    graceDays: number(0, 36_500),
    now: clock(),
  }),
}));

const checkMark = /* @__PURE__ */ argumentsCheck("markLeaver", () => ({
  ledger: ledgerSchema(),
  accountNumber: text(),
  options: optionsSchema({ done: boolean(), now: clock() }),
}));

/**
 * The users that left the source, by the last run that read all of it. The longest missing comes first.
 *
 * @throws {@link OpleadError} `invalid_input`, `ledger_unavailable`.
 */
export async function listLeavers(
  ledger: Ledger,
  options: Pick<LeaverOptions, "graceDays"> & {
    /** @internal */
    readonly now?: (() => number) | undefined;
  } = {},
): Promise<Finding<"leaver">[]> {
  checkList({ ledger, options });
  const { graceDays, now = Date.now } = options;
  const { unidentified = 0 } = (await useLedger(async () => ledger.getInfo())) ?? {};
  const basis = { graceDays, now: now(), unidentified };
  return useLedger(async () => {
    const leavers: Finding<"leaver">[] = [];
    for await (const [accountNumber, entry] of ledger.entries()) {
      if (entry.id !== undefined && entry.missingSince !== undefined) {
        leavers.push(leaverOf(accountNumber, entry, basis));
      }
    }
    return leavers.sort(byAge);
  });
}

function byAge(a: Finding<"leaver">, b: Finding<"leaver">): number {
  return b.days - a.days || (a.accountNumber < b.accountNumber ? -1 : 1);
}

/**
 * Notes that an administrator has dealt with a leaver in Oplead, or removes the note. It ends when the user comes back.
 *
 * @returns whether the user is a leaver. @throws {@link OpleadError} `invalid_input`, `ledger_conflict`,
 * `ledger_unavailable`.
 */
export async function markLeaver(
  ledger: Ledger,
  accountNumber: string,
  options: {
    /** False removes an earlier mark. Default true. */
    readonly done?: boolean | undefined;
    /** @internal */
    readonly now?: (() => number) | undefined;
  } = {},
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

const DAY_MS = 24 * 60 * 60 * 1000;

export interface LeaverBasis extends Pick<LeaverOptions, "graceDays"> {
  readonly now: number;
  readonly unidentified: number;
}

export function leaverOf(
  accountNumber: string,
  { id = "", missingSince, leaverDone }: LedgerEntry,
  { graceDays = LEAVER_DEFAULTS.graceDays, now, unidentified }: LeaverBasis,
): Finding<"leaver"> {
  const since = missingSince ?? now;
  const days = Math.max(0, Math.floor((now - since) / DAY_MS));
  // Certain after twice the grace period, because a row may lack an account number for ever.
  const certain = unidentified === 0 || (missingSince !== undefined && days >= 2 * graceDays);
  const waiting = certain ? (days >= graceDays ? "due" : "grace") : "perhaps";
  return {
    kind: "leaver",
    ...NO_RECORD,
    accountNumber,
    id,
    missingSince: isoTime(since),
    days,
    state: leaverDone === undefined ? waiting : "done",
    certain,
  };
}

export function mayHaveRules(
  { graceDays = LEAVER_DEFAULTS.graceDays, rules }: LeaverOptions,
  { missingSince }: LedgerEntry,
  now: number,
): boolean {
  return rules !== undefined && missingSince !== undefined && now - missingSince >= graceDays * DAY_MS;
}

export function openLeavers(findings: readonly Finding[]): Finding<"leaver">[] {
  return among(findings, "leaver").filter(({ state }) => state !== "done");
}
