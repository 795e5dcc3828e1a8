import {
  boolean,
  coded,
  type Form,
  type FormsOf,
  identity,
  list,
  number,
  object,
  ofKind,
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
import type { Finding, FindingKind, PlacedUser, SourcePosition, WaitingRoot } from "./types/findings.ts";
import type { DiffLine, PlanFacts, PlanSelection, SavedChange, SavedPlan, UserDiff } from "./types/plan.ts";
import type { ChangedRule, Findings, GuardLimit, PlannedMove, RefreshFacts } from "./types/records.ts";
import type { ReportFacts } from "./types/report.ts";

// Only what is listed here is printed and saved. `identity` hides account numbers that are e-mail addresses.

const numbers = values(Number.isFinite);

const position: FormsOf<SourcePosition> = { record: number(), row: place() };
const user = { ...position, accountNumber: identity() };

const printedIssue: FormsOf<Omit<OpleadIssue, "said">> = {
  path: text(),
  code: text(),
  message: text(),
  parameters: whole(),
};
// Safe: `said` is not enumerable, so it is neither saved nor printed.
const issue = object(printedIssue) as Form<unknown> as Form<OpleadIssue>;

const change = object<SavedChange>({
  ...user,
  kind: word("new", "changed", "retried", "leaver", "refreshed"),
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

const placedUser = object<PlacedUser>(user);

const root = object<WaitingRoot>({
  ...user,
  because: text(),
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

// A kind compiles only with exactly its fields. Errors are not printed.
type FindingForms = {
  readonly [Kind in FindingKind]: FormsOf<
    Omit<Finding<Kind>, "kind" | "record" | "row" | "accountNumber" | "isNew" | "error">
  >;
};

const findingForms: FindingForms = {
  failed: {
    step: text(),
    code: text(),
    status: optional(number()),
    requestId: optional(text()),
    held: boolean(),
    fields: optional(list(text())),
    takenBy: optional(placedUser),
    message: text(),
    advice: coded(),
  },
  held: {
    step: text(),
    code: text(),
    status: optional(number()),
    fields: optional(list(text())),
    takenBy: optional(placedUser),
    since: text(),
    root: optional(root),
  },
  invalid: { issues: list(issue) },
  duplicate: { places: list(object<SourcePosition>(position)) },
  twin: { of: identity(), by: word("login", "email", "exchange"), inSource: boolean() },
  skipped: { reason: word("stopped", "paused", "aborted", "handed_over") },
  waiting: { parent: identity(), root },
  unverifiable: { step: text(), dependsOn: identity() },
  suspicious: { issues: list(issue), since: optional(text()) },
  stale: {},
  leaver: {
    id: identity(),
    missingSince: text(),
    days: number(),
    team: optional(number()),
    state: word("grace", "due", "done", "perhaps"),
    certain: boolean(),
  },
};

const finding = ofKind(
  Object.fromEntries(
    Object.entries(findingForms).map(([kind, forms]) => {
      const accountNumber = kind === "invalid" ? optional(identity()) : identity();
      return [
        kind,
        object({ kind: text(), ...position, accountNumber, isNew: optional(boolean()), ...forms }) as Form<never>,
      ];
    }),
  ),
);

const findings: FormsOf<Findings> = {
  // Safe: `FindingForms` has a form for each kind.
  findings: list(finding as Form<unknown> as Form<Finding>),
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

const refresh = object<RefreshFacts>({ days: number(), users: number(), oldestAt: optional(text()) });

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
  refresh: optional(refresh),
  estimate: object<PlanFacts["estimate"]>({ requests: number(), durationMs: optional(number()) }),
  changes: list(change),
  refusals: list(coded()),
  limits: list(limit),
  areas: optional(list(area)),
  warnings: list(coded()),
  labels: optional(whole(() => values((value) => typeof value === "string")())),
  made: optional(
    object({ at: optional(text()), by: optional(text()), company: optional(text()), from: optional(text()) }),
  ),
  ...findings,
});

export const reportForm: Form<ReportFacts> = object<ReportFacts>({
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
  refresh: optional(refresh),
  refusals: list(coded()),
  part: boolean(),
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
