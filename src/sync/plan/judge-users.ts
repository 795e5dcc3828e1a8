import type { OpleadIssue } from "../../base/issues.ts";
import { issueAt } from "../../base/issues.ts";
import { tellRecord } from "../../locales/en/core.ts";
import { tellWarning } from "../../locales/en/sync.ts";
import { who } from "../text.ts";
import type { SuspiciousRecord } from "../types/records.ts";
import { addSuspected, addTo, checkData } from "./checks/check-data.ts";
import { segmentToKeep } from "./guard/segments.ts";
import { type Change, judge, ofKind } from "./judge.ts";
import { findLeavers } from "./leavers.ts";
import { readOldValues, withRuleChanges } from "./old-values.ts";
import { perhapsMovedWarning, suspiciousWarning, unknownParentsWarning } from "./plan-warnings.ts";
import type { Compared, Judged } from "./planning.ts";
import { readProfiles } from "./read-profiles.ts";
import { findTwins } from "./twins.ts";

/** A source that gives only what changed lacks no user. */
const EVERYBODY = { has: () => true };

/** The third step of a plan: decides on every user of the source and on every leaver. Asks Oplead only if there are users to send. */
export async function judgeUsers(compared: Compared): Promise<Judged> {
  const { oplead, options, plannedAt, snapshot, moves, reading, users, retry, shared, slice, warnings } = compared;
  // An approval says whose plan it was.
  const isFirstNight = compared.info?.runs === undefined && !compared.approval;
  const { guard, resend } = options;
  const { rows, unidentified } = users;
  const profiles = users.hasOpenSteps ? await readProfiles(oplead, slice.signal, warnings) : undefined;
  const suspected = await findSuspected(compared);
  const judgement = await judge(
    {
      rows,
      ledger: snapshot,
      profiles,
      dataIssues: options.checks === "error" ? suspected : new Map(),
      resend,
      keptOf: guard !== false && guard.segments ? ({ segment }) => segmentToKeep(segment) : undefined,
      twins: await findTwins(rows, snapshot, options.newUsers, { isFull: reading.isFull, isFirstNight }, slice),
    },
    slice,
  );
  const leavers = await findLeavers(
    {
      ...options.leavers,
      now: plannedAt,
      unidentified,
      ledger: snapshot,
      retry,
      resend,
      rows: reading.isFull ? rows : EVERYBODY,
      perhapsMoved: new Set(judgement.twins.map(({ of }) => of)),
    },
    slice,
  );
  const sent = [...judgement.changes, ...leavers.changes];
  const old = await readOldValues(options.ledger, snapshot, sent, moves, slice);
  const changes = sent.map((change) => withRuleChanges(change, old));

  warnings.push(
    ...suspiciousWarning(suspiciousAmong(changes, suspected)),
    ...perhapsMovedWarning(leavers.newlyMissing, ofKind(changes, "new").length, snapshot),
    ...unknownParentsWarning(judgement.unknownParents),
    ...(unidentified > 0 && leavers.all.length > 0 ? [tellWarning("missing_unsure", { records: unidentified })] : []),
  );
  // Those have a warning of their own.
  for (const { accountNumber, parent } of shared ? judgement.unknownParents : [])
    addTo(suspected, accountNumber, [
      issueAt("parentUserIdentifier", tellRecord("unknown_parent", { parent: who(parent) })),
    ]);
  return { ...compared, judgement, leavers, changes, suspicious: suspiciousAmong(changes, suspected), old };
}

/** The data that looks wrong, by account number. */
async function findSuspected(compared: Compared): Promise<Map<string, readonly OpleadIssue[]>> {
  const { oplead, options, read, users, shared, slice, warnings } = compared;
  if (!shared) return new Map();
  const countries = options.coverage?.universe.countries ?? [];
  const toCheck = { users: users.usersToSend(), areas: users.areasToSend(), shared, countries };
  const found = await checkData(oplead, toCheck, slice, warnings);
  await addSuspected(found, read.source, users.rows, slice);
  return found;
}

/** With `checks: "error"` such records are invalid, so they are no changes. */
function suspiciousAmong(
  changes: readonly Change[],
  suspected: ReadonlyMap<string, readonly OpleadIssue[]>,
): SuspiciousRecord[] {
  return changes.flatMap(({ planned: { record, row, accountNumber } }) => {
    const issues = suspected.get(accountNumber);
    return issues ? [{ record, row, accountNumber, issues }] : [];
  });
}
