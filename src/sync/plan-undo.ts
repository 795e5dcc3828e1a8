import type { UserLine } from "../audit/line.ts";
import { readAudit } from "../audit/read-audit.ts";
import { isOf } from "../audit/runs.ts";
import { invalid } from "../base/errors.ts";
import { issueBy } from "../base/issues.ts";
import { SYNC_OPTIONS } from "../base/texts/en/sync/options.ts";
import { TimeSlice } from "../base/time/time-slice.ts";
import type { Oplead } from "../client/api.ts";
import { platformOf } from "../ledger/bind.ts";
import { readEntry } from "../ledger/entry.ts";
import type { Ledger, LedgerEntry, LedgerPlatform, Remembered, Seals } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger-error.ts";
import { type SourceUser, sourceUserOf } from "../reconcile/content/content.ts";
import { type RuleName, ruleNames } from "../rules/rules.ts";
import type { UserInput } from "../user/user.ts";
import { preparePlan } from "./plan/prepare-plan.ts";
import { createPlan } from "./plan-sync.ts";
import { checkUndoOptions } from "./read-options.ts";
import { leftAsIs } from "./told.ts";
import type { UndoOptions } from "./types/options.ts";
import type { PlannedUndo, SyncPlan } from "./types/plan.ts";
import type { LeftAsIs } from "./types/records.ts";

/**
 * A plan that puts back what a run changed, from what the ledger remembers ({@link LedgerKeyOptions.remember}). It is like any other plan: it
 * writes nothing, has a guard and a hash, and can be saved and applied. What it leaves as it is, and why, is in {@link SyncPlan.undo}: users
 * that changed again since, users and rules that the run created, and moves. Only the newest change of a user can be put back, and the next
 * run sends again what the source says: mend the source first. {@link GuardOptions.segments} is not asked, and a queue is not used.
 *
 * ```ts
 * const plan = await planUndo(oplead, { run: "20260131T020000Z-4f1c2a", ledger, audit: "./audit.jsonl" });
 * console.log(String(plan));
 * await plan.apply({ approve: plan.hash });
 * ```
 *
 * @throws {@link OpleadError} `invalid_options` also if the ledger does not remember, or knows as little of the run as the audit; what {@link planSync}
 * throws; `audit_unavailable`.
 */
export async function planUndo(oplead: Oplead, options: UndoOptions): Promise<SyncPlan> {
  checkUndoOptions(options);
  const { run, audit, guard, ...rest } = options;
  const { ledger } = rest;
  const platform = platformOf(oplead);
  const seals = ledger.seals?.(platform);
  if (!seals) throw refused("ledger", "remembers_nothing", {});
  const lines = audit === undefined ? [] : linesOf(audit, run, platform);
  const { users, left, isKnown } = await readChanges(
    ledger,
    seals,
    run,
    new Map(lines.map((line) => [line.accountNumber, line])),
    audit === undefined ? new Set() : runsBefore(audit, run),
    new TimeSlice("planUndo", rest.signal),
  );
  if (!isKnown && lines.length === 0) throw refused("run", "unknown_run", { run });
  const undo: PlannedUndo = { runId: run, left };
  const plan = {
    ...rest,
    guard: guard && { ...guard, segments: undefined },
    source: users,
    map: (user: SourceUser) => user,
  };
  return createPlan(await preparePlan(oplead, { ...plan, incremental: true, retryHeld: true }, "planUndo", undo));
}

const issue = issueBy(SYNC_OPTIONS);

function refused(
  path: string,
  ...what: ["remembers_nothing", Record<string, never>] | ["unknown_run", { run: string }]
): Error {
  const found = what[0] === "unknown_run" ? issue(path, what[0], what[1]) : issue(path, what[0]);
  return invalid("invalid_options", "planUndo: nothing was sent", [found]);
}

/** The users that a run changed, by the audit; none of a run of another platform, which may have users with the same account numbers. */
function linesOf(audit: string, run: string, platform: LedgerPlatform): UserLine[] {
  const lines = [...readAudit(audit, { run })];
  const isForeign = lines.some(
    (line) =>
      (line.event === "run_started" && !isOf({ run, started: line }, platform)) ||
      (line.event === "run_planned" && !isOf({ run, planned: line }, platform)),
  );
  if (isForeign) return [];
  return lines.flatMap((line) =>
    line.event === "user" && !line.testMode && ["created", "updated", "incomplete"].includes(line.outcome)
      ? [line]
      : [],
  );
}

/** Runs that are older, by the order of the file since clocks may be wrong: what they changed was not changed by this one. */
function runsBefore(audit: string, run: string): Set<string> {
  const before = new Set<string>();
  for (const line of readAudit(audit, { runs: true })) {
    if (line.run === run) return before;
    if (line.run !== undefined) before.add(line.run);
  }
  return new Set(); // its lines are lost
}

interface Changes {
  readonly users: SourceUser[];
  readonly left: LeftAsIs[];
  /** Whether the ledger knows the run. */
  isKnown: boolean;
}

async function readChanges(
  ledger: Ledger,
  seals: Seals,
  run: string,
  audited: ReadonlyMap<string, UserLine>,
  before: ReadonlySet<string>,
  slice: TimeSlice,
): Promise<Changes> {
  const changes: Changes = { users: [], left: [], isKnown: false };
  const seen = new Set<string>();
  const stored = await useLedger(async () => ledger.entries());
  for await (const [accountNumber, found] of stored) {
    if (slice.isOver) await slice.next();
    const entry = readEntry(found);
    const line = audited.get(accountNumber);
    seen.add(accountNumber);
    if (entry.changedBy === run || entry.undid === run) {
      changes.isKnown = true;
      takeBack(accountNumber, run, entry, await seals.open(accountNumber, entry), changes);
    } else if (line && !before.has(entry.changedBy ?? "")) {
      changes.left.push(whyLeft(accountNumber, entry, seals));
    }
  }
  for (const accountNumber of audited.keys()) {
    if (!seen.has(accountNumber)) changes.left.push({ accountNumber, ...leftAsIs("not_remembered") });
  }
  return changes;
}

/** Why a user stays as it is that the run changed by the audit, and another one by the ledger. */
function whyLeft(accountNumber: string, { movedTo, seal, changedBy }: LedgerEntry, seals: Seals): LeftAsIs {
  if (movedTo !== undefined) return { accountNumber, ...leftAsIs("moved") };
  if (seal === undefined) return { accountNumber, ...leftAsIs("not_remembered") };
  if (!seals.isReadable(seal)) return { accountNumber, ...leftAsIs("seal_unreadable") };
  return { accountNumber, ...leftAsIs("changed_since", { run: changedBy }) };
}

function takeBack(
  accountNumber: string,
  run: string,
  { changedBy }: LedgerEntry,
  remembered: Remembered | undefined,
  { users, left }: Changes,
): void {
  const leave = (why: ReturnType<typeof leftAsIs>) => left.push({ accountNumber, ...why });
  if (!remembered) return void leave(leftAsIs("seal_unreadable"));
  const { user } = remembered;
  const isUserChanged = user?.run === run;
  const rules = ruleNames.filter((name) => remembered[name]?.run === run);
  if (isUserChanged && user.isNew) return void leave(leftAsIs("created"));
  if (!isUserChanged && rules.length === 0) {
    return void leave(
      changedBy === run ? leftAsIs("changed_since", { run: undefined }) : leftAsIs("undone", { run: changedBy }),
    );
  }
  const content = (isUserChanged ? user.was : user?.now) as UserInput | undefined;
  if (!content) return void leave(leftAsIs("not_remembered"));
  if (content.accountNumber !== accountNumber) return void leave(leftAsIs("moved"));
  const known = (name: RuleName): boolean => remembered[name]?.was !== undefined;
  const added = rules.filter((name) => !known(name));
  if (added.length > 0) leave(leftAsIs("rule_added", { rules: added }));
  const bodies = rules.filter(known).map((name) => ({ name, toSend: { body: remembered[name]?.was } }));
  users.push(sourceUserOf({ user: content, version: undefined, rules: bodies }));
}
