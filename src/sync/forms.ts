import {
  boolean,
  coded,
  type Form,
  type FormsOf,
  identity,
  list,
  number,
  object,
  optional,
  place,
  text,
  values,
  whole,
  word,
} from "../core/form.ts";
import type { OpleadIssue } from "../core/issues.ts";
import * as z from "../core/zod.ts";
import type { AreaChange } from "../coverage/types.ts";
import type { LedgerPlatform, StorePosition } from "../ledger/ledger.ts";
import type { LedgerMark } from "../ledger/notes.ts";
import type { DiffLine, PlanFacts, PlanSelection, SavedChange, SavedPlan, UserDiff } from "./types/plan.ts";
import type {
  ChangedRule,
  DuplicateUser,
  Findings,
  GuardLimit,
  HeldUser,
  Leaver,
  PlannedMove,
  SourcePosition,
  SuspiciousRecord,
  TwinUser,
  WaitingRoot,
  WaitingUser,
} from "./types/records.ts";
import type { SavedReport, SyncSkip, Unverifiable } from "./types/report.ts";

// Only what is listed here is printed and saved. `identity` hides account numbers that are e-mail addresses.

const numbers = values(Number.isFinite);

const position: FormsOf<SourcePosition> = { record: number(), row: place() };
const user = { ...position, accountNumber: identity() };

const issue = object<OpleadIssue>({ path: text(), code: text(), message: text(), parameters: whole() });

const change = object<SavedChange>({
  ...user,
  kind: word("new", "changed", "retried", "leaver"),
  id: optional(identity()),
  movedFrom: optional(identity()),
  fields: list(text()),
  fieldsUnknown: boolean(),
  doubted: boolean(),
  rules: list(text()),
  // Rules are shown whole: they contain no names.
  ruleChanges: optional(list(object<ChangedRule>({ rule: text(), was: whole(), now: whole() }))),
  after: optional(identity()),
  segment: optional(text()),
  hash: text(),
});

const root = object<WaitingRoot>({
  ...user,
  because: text(),
});

const held = object<HeldUser>({
  ...user,
  step: text(),
  code: text(),
  status: optional(number()),
  since: text(),
  root: optional(root),
});

const limit = object<GuardLimit>({
  option: text(),
  users: number(),
  most: number(),
  among: number(),
  segment: optional(text()),
});

const area = object<AreaChange>({
  kind: word("lost", "gained"),
  country: text(),
  county: optional(text()),
  name: text(),
  zipCodes: list(text()),
  places: number(),
  inhabitants: optional(number()),
  kinds: list(text()),
});

const invalid = object<SavedPlan["invalid"][number]>({
  ...position,
  accountNumber: optional(identity()),
  issues: list(issue),
});

const findings: FormsOf<Omit<Findings, "invalid">> = {
  held: list(held),
  duplicates: list(object<DuplicateUser>({ accountNumber: identity(), records: list(number()), rows: list(place()) })),
  twins: list(
    object<TwinUser>({ ...user, of: identity(), by: word("login", "email", "exchange"), inSource: boolean() }),
  ),
  suspicious: list(object<SuspiciousRecord>({ ...user, issues: list(issue), since: optional(text()) })),
  missing: list(
    object<Leaver>({
      accountNumber: identity(),
      id: identity(),
      missingSince: text(),
      days: number(),
      state: word("grace", "due", "done", "perhaps"),
      certain: boolean(),
    }),
  ),
  moves: list(
    object<PlannedMove>({
      from: identity(),
      to: identity(),
      id: optional(identity()),
      problem: optional(word("unknown", "occupied")),
    }),
  ),
  columns: whole(() => z.optional(values((value) => typeof value === "string")())),
};

export const planForm: Form<SavedPlan> = object<SavedPlan>({
  version: text(),
  checksum: text(),
  hash: text(),
  platform: object<LedgerPlatform>({ baseUrl: text(), name: optional(text()) }),
  testMode: boolean(),
  selection: object<PlanSelection>({
    resend: boolean(),
    full: optional(boolean()),
    sourceFile: optional(text()),
    only: optional(list(text())),
    limit: optional(number()),
    newUsers: optional(list(identity())),
  }),
  changedSince: optional(text()),
  counts: whole(numbers),
  estimate: object<PlanFacts["estimate"]>({ requests: number(), durationMs: optional(number()) }),
  changes: list(change),
  waiting: list(object<WaitingUser>({ ...user, parent: identity(), root })),
  stale: list(identity()),
  refusals: list(coded()),
  limits: list(limit),
  areas: optional(list(area)),
  warnings: list(coded()),
  labels: optional(whole(() => values((value) => typeof value === "string")())),
  made: optional(
    object({ at: optional(text()), by: optional(text()), company: optional(text()), from: optional(text()) }),
  ),
  invalid: list(invalid),
  ...findings,
});

export const reportForm: Form<SavedReport> = object<SavedReport>({
  runId: text(),
  status: word("complete", "partial", "stopped", "paused", "aborted"),
  exitCode: number(),
  newProblems: number(),
  knownProblems: number(),
  problems: whole(),
  stopReason: optional(coded()),
  testMode: boolean(),
  hash: text(),
  sourceFile: optional(text()),
  startedAt: text(),
  durationMs: number(),
  counts: whole(numbers),
  failed: list(
    object<SavedReport["failed"][number]>({
      ...user,
      step: text(),
      code: text(),
      status: optional(number()),
      requestId: optional(text()),
      held: boolean(),
      root: optional(root),
      message: text(),
      advice: coded(),
    }),
  ),
  skipped: list(
    object<SyncSkip>({
      ...user,
      reason: word("parent", "stopped", "paused", "aborted", "handed_over"),
      parent: optional(identity()),
      root: optional(root),
    }),
  ),
  unverifiable: list(object<Unverifiable>({ ...user, step: text(), dependsOn: identity() })),
  refusals: list(coded()),
  part: boolean(),
  stale: list(identity()),
  requests: number(),
  retries: number(),
  throttledMs: number(),
  warnings: list(coded()),
  ledgerMark: optional(
    object<LedgerMark>({
      runs: number(),
      lastRunId: text(),
      host: optional(text()),
      position: optional(
        object<StorePosition>({
          id: text(),
          offset: number(),
          previousId: optional(text()),
          previousOffset: optional(number()),
        }),
      ),
    }),
  ),
  invalid: list(invalid),
  ...findings,
});

export const diffForm: Form<Omit<UserDiff, "lines">> = object({
  accountNumber: identity(),
  kind: text(),
  id: optional(identity()),
  fieldsUnknown: boolean(),
});

export const diffLineForm: Form<Omit<DiffLine, "value" | "was">> = object({ path: text(), change: text() });

// Returns a copy to print. The original keeps hidden account numbers: a program has to find its users again.
export function printable<T>(form: Pick<Form<unknown>, "print">, given: T): T {
  return form.print(given) as T;
}
