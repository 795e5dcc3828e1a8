import { invalid, isOpleadError } from "../../core/errors.ts";
import { issueAt } from "../../core/issues.ts";
import { argumentsCheck, filledText, valueThat } from "../../core/validate.ts";
import { isRecord } from "../../core/values.ts";
import { exclusionOf, notCountedAmong, someHaveRules } from "../../coverage/receiving.ts";
import type {
  AreaChange,
  CoverageUser,
  PolicyChange,
  PolicyContext,
  PolicyCoverage,
  PolicyFinding,
  PolicyUser,
  SyncPolicy,
} from "../../coverage/types.ts";
import type { AcceptedRules, LedgerEntry } from "../../ledger/ledger.ts";
import { tellValue } from "../../locales/en/core.ts";
import { tellSyncOption } from "../../locales/en/sync.ts";
import { textOf } from "../../reconcile/compare.ts";
import { type RuleName, ruleNames, type UserRules } from "../../rules/rules.ts";
import type { Finding } from "../types/findings.ts";
import type { SyncWarning } from "../types/messages.ts";
import type { Change } from "./judge.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import { nameOf, positionOf } from "./map-record.ts";
import type { Selection } from "./selection.ts";
import type { SourceRow, SourceRows } from "./source-users.ts";

export interface PolicyBasis {
  readonly coverage: PolicyCoverage;
  readonly rows: SourceRows;
  readonly ledger: LedgerSnapshot;
  readonly leavers: readonly Finding<"leaver">[];
  readonly signal: AbortSignal | undefined;
}

export interface PolicyVerdict {
  readonly refusals: readonly PolicyFinding[];
  readonly warnings: readonly SyncWarning[];
  readonly areas?: readonly AreaChange[] | undefined;
}

const CALM: PolicyVerdict = { refusals: [], warnings: [] };

export async function policiesOnPlan(
  policies: readonly SyncPolicy[],
  basis: PolicyBasis,
  selection: Pick<Selection, "changes" | "isPartial">,
  withAreas = false,
): Promise<PolicyVerdict> {
  const { areas } = withAreas ? basis.coverage : {};
  if (policies.length === 0 && !areas) return CALM;
  const context = contextOf(basis, selection);
  if (context.changes.length === 0) return areas ? { ...CALM, areas: [] } : CALM;
  const judged = await askPolicies(policies, context);
  const verdict = { ...judged, warnings: [...notCounted(context, basis.rows), ...judged.warnings] };
  return areas ? { ...verdict, areas: await ask(() => areas(context), "planSync", "coverage.areas") } : verdict;
}

function notCounted(
  { unchanged, changes, locate, assumptions = {} }: PolicyContext,
  rows: PolicyBasis["rows"],
): SyncWarning[] {
  const present = [...unchanged, ...changes.map(({ after }) => after)].filter(({ counts }) => counts);
  const all = [...present, ...changes.flatMap(({ before }) => before ?? [])];
  const { distanceFrom = "address", enabledRules = ruleNames } = assumptions;
  const lacksPlace = (user: PolicyUser) => {
    if (user.rules?.maxDistance === undefined || !enabledRules.includes("maxDistance")) return false;
    const from = distanceFrom === "address" ? undefined : distanceFrom(user);
    const { zipCode, country } = user.user.address ?? {};
    const isLocated = zipCode !== undefined && country !== undefined && locate?.(zipCode, country.code)?.coordinates;
    return !from && !isLocated;
  };
  const othersHaveRules = someHaveRules(all);
  const found = notCountedAmong(
    present.map((user) => {
      const { accountNumber } = user.user;
      const excluded = exclusionOf(user, othersHaveRules);
      const placed = { ...user, row: rows.get(accountNumber)?.row };
      return { user: placed, accountNumber, excluded, lacksPlace: lacksPlace(user) };
    }),
  );
  return found.map(({ accountNumbers: _, ...warning }) => warning);
}

async function askPolicies(
  policies: readonly SyncPolicy[],
  context: PolicyContext,
): Promise<Pick<PolicyVerdict, "refusals" | "warnings">> {
  const [refusals, warnings]: [PolicyFinding[], PolicyFinding[]] = [[], []];
  for (const [index, policy] of policies.entries()) {
    const { onViolation = "refuse" } = policy;
    for (const finding of await ask(() => policy.judge(context), "planSync", `policies[${index}]`)) {
      (onViolation === "refuse" ? refusals : warnings).push(finding);
    }
  }
  return { refusals, warnings };
}

async function ask<T>(task: () => T | Promise<T>, caller: string, path: string): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (isOpleadError(error)) throw error;
    const issue = issueAt(path, tellSyncOption("policy_failed", { error: nameOf(error), at: positionOf(error) }));
    throw invalid("invalid_options", `${caller}: a policy failed`, [issue], { cause: error as Error });
  }
}

// An unchanged user is the same object before and after.
function contextOf(
  { coverage, rows, ledger, leavers, signal }: PolicyBasis,
  { changes, isPartial }: Pick<Selection, "changes" | "isPartial">,
): PolicyContext {
  const { leaversCover = false } = coverage;
  const sent = new Map(changes.map((change) => [change.planned.accountNumber, change]));
  const left = new Map(isPartial ? [] : leavers.map((leaver) => [leaver.accountNumber, leaver]));
  const unchanged: PolicyUser[] = [];
  const changed: PolicyChange[] = [];
  const add = (accountNumber: string): void => {
    const [row, entry, change] = [rows.get(accountNumber), ledger.get(accountNumber), sent.get(accountNumber)];
    const before = acceptedUser(accountNumber, entry, row, coverage);
    const planned = change ? changedUser(before, change, entry, row) : before;
    if (!planned) return;
    // The answer of `receives` changes only if the record was read and the user is in the run.
    const isRead = row?.state === "unchanged" || typeof row?.state === "object";
    const receives = coverage.receives && isRead && (change || !isPartial) ? row?.receives : planned.receives;
    const isBack = entry?.missingSince !== undefined && row !== undefined && (!isPartial || change !== undefined);
    const counts = isBack || countsAfter(planned.counts, left.get(accountNumber), leaversCover);
    const isSame = counts === planned.counts && receives === planned.receives;
    const after = isSame ? planned : { ...planned, counts, receives };
    if (after === before) unchanged.push(before);
    else changed.push({ accountNumber, before, after });
  };
  for (const [accountNumber] of ledger) add(accountNumber);
  for (const accountNumber of sent.keys()) if (!ledger.get(accountNumber)) add(accountNumber);
  return { ...coverage, unchanged, changes: changed, isState: false, signal };
}

// A leaver that may be a row without an account number still counts: one such row must not refuse a plan.
function countsAfter(before: boolean, leaver: Finding<"leaver"> | undefined, leaversCover: boolean): boolean {
  if (!leaver || !before || leaver.state === "perhaps") return before;
  return leaversCover && leaver.state !== "done";
}

/**
 * The user of an entry for `coverage` and `explainLead` of `oplead-sdk/coverage`: the rules, country and postcode that
 * Oplead accepted last. What the ledger cannot vouch for is `unknown`; a leaver is `notCounted`. Undefined for an entry
 * without an Oplead ID.
 *
 * @throws {@link OpleadError} `invalid_input`.
 *
 * @example
 * ```ts
 * const users = [];
 * for await (const [accountNumber, entry] of ledger.entries()) {
 *   const user = coverageUserOf(accountNumber, entry);
 *   if (user) users.push(user);
 * }
 * ```
 */
export function coverageUserOf(accountNumber: string, entry: LedgerEntry): CoverageUser | undefined {
  checkArguments({ accountNumber, entry });
  const accepted = acceptedUser(accountNumber, entry, undefined, {});
  if (!accepted) return undefined;
  const { user, rules, unknown, counts } = accepted;
  return { user, rules, unknown, notCounted: counts ? undefined : "left" };
}

function acceptedUser(
  accountNumber: string,
  entry: LedgerEntry | undefined,
  row: SourceRow | undefined,
  { leaversCover = false, receives }: Partial<PolicyCoverage>,
): PolicyUser | undefined {
  if (entry?.id === undefined) return undefined;
  const { user, rules: hashes, accepted, intent, missingSince, leaverDone } = entry;
  // Rules are unknown if only the id was imported, or an earlier request may still be carried out.
  const isUnknown = intent !== undefined || (user === undefined && Object.keys(hashes).length === 0);
  const rules: Record<string, unknown> = {};
  const unknown: RuleName[] = [];
  for (const name of ruleNames) {
    const [hash, kept] = [hashes[name], accepted?.rules[name]];
    const known = kept?.hash === hash ? kept : undefined;
    if (!isUnknown && hash !== undefined && known) rules[name] = known.body;
    // Oplead may have this rule or not: the ledger does not have its accepted body.
    else if (isUnknown || hash !== undefined || kept) unknown.push(name);
  }
  const place = user !== undefined && accepted?.user === user ? accepted : undefined;
  return {
    ...userAt(accountNumber, place),
    rules: rules as UserRules,
    segment: entry.segment ?? row?.segment,
    // Answers of earlier runs are ignored without `receives`.
    receives: receives && (entry.receives ?? row?.receives),
    unknown,
    isPlaceUnknown: place === undefined || isUnknown,
    counts: missingSince === undefined || (leaversCover && leaverDone === undefined),
  };
}

function userAt(
  accountNumber: string,
  place: Pick<AcceptedRules, "country" | "zipCode"> | undefined,
): Pick<PolicyUser, "user"> {
  const { country, zipCode } = place ?? {};
  return {
    user: { accountNumber, address: { zipCode, country: country === undefined ? undefined : { code: country } } },
  };
}

const checkArguments = /* @__PURE__ */ argumentsCheck("coverageUserOf", () => ({
  accountNumber: filledText(),
  entry: valueThat((entry) => isRecord(entry) && isRecord(entry.rules), tellValue("not_object")),
}));

// Returns the same object as before if nothing changes that policies read.
function changedUser(
  before: PolicyUser | undefined,
  { content, open, planned }: Change,
  entry: LedgerEntry | undefined,
  row: SourceRow | undefined,
): PolicyUser {
  const { accountNumber } = planned;
  const differing = open.rules.filter(({ name, hash }) => {
    return before === undefined || entry?.rules[name] !== hash || before.unknown.includes(name);
  });
  const { address } = content.user;
  const place = { country: textOf(address?.country?.code), zipCode: textOf(address?.zipCode) };
  const home = before?.user.address;
  const isMoved = before?.isPlaceUnknown || home?.zipCode !== place.zipCode || home?.country?.code !== place.country;
  const isPlaced = open.user && !content.rulesOnly && isMoved;
  if (before && differing.length === 0 && !isPlaced) return before;
  const sent = new Set(differing.map(({ name }) => name));
  const others = Object.entries(before?.rules ?? {}).filter(([name]) => !sent.has(name as RuleName));
  return {
    ...(isPlaced || !before ? userAt(accountNumber, place) : { user: before.user }),
    rules: Object.fromEntries([...others, ...differing.map(({ name, toSend }) => [name, toSend.body])]) as UserRules,
    segment: row?.segment ?? before?.segment,
    receives: before ? before.receives : row?.receives,
    unknown: (before?.unknown ?? []).filter((name) => !sent.has(name)),
    isPlaceUnknown: !isPlaced && (before?.isPlaceUnknown ?? false),
    counts: before?.counts ?? true,
  };
}
