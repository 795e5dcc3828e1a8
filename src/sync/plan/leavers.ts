import { isOpleadError } from "../../core/errors.ts";
import type { OpleadIssue } from "../../core/issues.ts";
import { issueAt } from "../../core/issues.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";
import { tellRecord } from "../../locales/en/core.ts";
import { addedPaths, compare } from "../../reconcile/compare.ts";
import { type HashedRule, readHashedRules } from "../../reconcile/content.ts";
import type { UserInput, UserOptions } from "../../user/user.ts";
import { heldFinding } from "../findings.ts";
import { type LeaverBasis, leaverOf } from "../leavers.ts";
import { type Finding, NO_RECORD } from "../types/findings.ts";
import type { LeaverOptions } from "../types/options.ts";
import { findParents } from "./hierarchy.ts";
import type { Change } from "./judge.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import { type RetryPolicy, stepsToRetry } from "./ledger-snapshot.ts";
import { nameOf, positionOf } from "./map-record.ts";
import type { SourceRows } from "./source-users.ts";

export interface FoundLeavers {
  readonly all: readonly Finding<"leaver">[];
  readonly newlyMissing: readonly Finding<"leaver">[];
  readonly toNote: readonly Finding<"leaver">[];
  readonly changes: readonly Change[];
  readonly held: readonly Finding<"held">[];
  // Leavers for which Oplead refused every rule that they still lack.
  readonly heldUsers: number;
  readonly invalid: readonly Finding<"invalid">[];
}

export interface LeaverInput extends LeaverBasis, Pick<LeaverOptions, "rules"> {
  readonly isFull: boolean;
  readonly rows: SourceRows;
  readonly ledger: LedgerSnapshot;
  readonly retry: RetryPolicy;
  readonly resend: boolean;
  readonly users: UserOptions;
  readonly perhapsMoved: ReadonlySet<string>;
}

export async function findLeavers(input: LeaverInput): Promise<FoundLeavers> {
  const found = {
    all: [] as Finding<"leaver">[],
    newlyMissing: [] as Finding<"leaver">[],
    toNote: [] as Finding<"leaver">[],
    changes: [] as Change[],
    held: [] as Finding<"held">[],
    heldUsers: 0,
    invalid: [] as Finding<"invalid">[],
  };
  const missing = input.isFull ? input.ledger.missing() : [];
  const teams = missing.length === 0 ? new Map<string, number>() : teamsIn(input);
  for (const entry of missing) {
    const { accountNumber } = entry;
    // A twin of this user may be the user under a new account number.
    const unidentified = input.unidentified + (input.perhapsMoved.has(accountNumber) ? 1 : 0);
    const leaver = { ...leaverOf(accountNumber, entry, { ...input, unidentified }), team: teams.get(accountNumber) };
    const { state, certain } = leaver;
    found.all.push(leaver);
    const isNew = entry.missingSince === undefined;
    if (isNew) found.newlyMissing.push(leaver);
    if (isNew || (entry.missingUntold && certain && state !== "done")) found.toNote.push(leaver);
    if (state !== "due" || !input.rules) continue;
    const { rules, issues } = await rulesFor(leaver, input.rules, input.users);
    if (issues.length > 0) found.invalid.push({ kind: "invalid", ...NO_RECORD, accountNumber, issues });
    else judgeRules(accountNumber, entry, rules, input, found);
  }
  return found;
}

function teamsIn({ rows, ledger }: LeaverInput): ReadonlyMap<string, number> {
  const parents = findParents(rows, ledger);
  const teams = new Map<string, number>();
  for (const row of rows) {
    const parent = parents.of(row);
    if (parent !== undefined) teams.set(parent, (teams.get(parent) ?? 0) + 1);
  }
  return teams;
}

async function rulesFor(
  leaver: Finding<"leaver">,
  rulesOf: NonNullable<LeaverOptions["rules"]>,
  users: UserOptions,
): Promise<{ readonly rules: readonly HashedRule[]; readonly issues: readonly OpleadIssue[] }> {
  try {
    const rules = readHashedRules((await rulesOf(leaver)) ?? {}, users);
    const empty = rules.filter(({ toSend: { body } }) => [body, ...Object.values(body)].some(isEmptyList));
    return { rules, issues: empty.map(({ name }) => issueAt(`rules.${name}`, tellRecord("leaver_empty_rule"))) };
  } catch (error) {
    const issues = isOpleadError(error) ? error.issues : undefined;
    const failed = { error: nameOf(error), at: positionOf(error) };
    return { rules: [], issues: issues ?? [issueAt("", tellRecord("leaver_rules_failed", failed))] };
  }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function judgeRules(
  accountNumber: string,
  entry: LedgerEntry,
  rules: readonly HashedRule[],
  { retry: policy, resend }: LeaverInput,
  found: { readonly changes: Change[]; readonly held: Finding<"held">[]; heldUsers: number },
): void {
  const unknown = { user: { accountNumber } as UserInput, userHash: entry.user ?? "", version: undefined };
  const content = { ...unknown, accountNumber, rules, rulesOnly: true } as const;
  const retry = stepsToRetry(entry, policy);
  const open = compare(content, entry, retry, resend);
  found.held.push(...open.held.map((step) => heldFinding(accountNumber, NO_RECORD, step)));
  if (open.rules.length === 0) {
    if (open.held.length > 0) found.heldUsers += 1;
    return;
  }
  found.changes.push({
    content,
    open,
    retry,
    planned: {
      ...NO_RECORD,
      accountNumber,
      kind: "leaver",
      id: entry.id,
      movedFrom: undefined,
      fields: [],
      fieldsUnknown: false,
      doubted: false,
      rules: open.rules.map(({ name }) => name),
      after: undefined,
    },
    paths: [],
    added: addedPaths([], open.rules, entry),
    approved: false,
    isRefusedBefore: false,
    segment: entry.segment,
    parent: undefined,
    newParent: undefined,
    revision: entry.revision ?? 0,
    isKnown: true,
    differs: true,
    last: false,
    freesValue: false,
    takenBy: undefined,
  });
}
