import { adviceFor, caseOf } from "../advice.ts";
import { answerOf, placeOf, userAt, who } from "../text.ts";
import type { Findings, InvalidRecord, SuspiciousRecord, SyncWarning } from "../types/records.ts";
import { type Section, section } from "./overview.ts";

/** The sections that plans and reports share: users that are not sent, or that are worth a look. */
export function findingSections(found: Findings & { readonly warnings: readonly SyncWarning[] }): Section[] {
  return [
    section("Held", ["user", "refused step", "advice"], found.held, (user) => {
      return [
        userAt(user),
        `${user.step}: ${answerOf(user)} since ${dayOf(user.since)}`,
        adviceFor(caseOf(user)).message,
      ];
    }),
    section("Invalid", ["record", "problems"], found.invalid, problemsOf),
    section("Several records each", ["user", "records"], found.duplicates, ({ accountNumber, records, rows }) => {
      return [who(accountNumber), records.map((record, index) => placeOf({ record, row: rows[index] })).join(", ")];
    }),
    section("Missing", ["user", "since"], found.missing, ({ accountNumber, since }) => {
      return [who(accountNumber), since === undefined ? "" : `since ${dayOf(since)}`];
    }),
    section("Suspicious data", ["record", "what looks wrong"], found.suspicious, problemsOf),
    section("Warnings", ["warning"], found.warnings, ({ message }) => [message]),
  ];
}

function problemsOf(record: InvalidRecord | SuspiciousRecord): string[] {
  const problems = record.issues.map(({ path, message }) => `${path} ${message}`.trimStart());
  return [userAt(record), problems.join("; ")];
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
