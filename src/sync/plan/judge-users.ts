import type { OpleadIssue } from "../../core/issues.ts";
import { issueAt } from "../../core/issues.ts";
import { giveWay } from "../../core/time.ts";
import { tellRecord } from "../../locales/en/core.ts";
import { tellWarning } from "../../locales/en/sync.ts";
import { bothKept } from "../../reconcile/presence.ts";
import { who } from "../language.ts";
import type { SuspiciousRecord } from "../types/records.ts";
import { addTo, checkData, readProfiles, suspectedBySource, together } from "./check-data.ts";
import { segmentToKeep } from "./guard.ts";
import { type Change, judge, ofKind } from "./judge.ts";
import { findLeavers } from "./leavers.ts";
import { readOldValues, withRuleChanges } from "./old-values.ts";
import { perhapsMovedWarning, suspiciousWarning, unknownParentsWarning } from "./plan-warnings.ts";
import type { Compared, Judged } from "./planning.ts";
import { findKnown, forgetSuspicious, isUnsent, keepSuspicious, knownInPart } from "./suspicious.ts";
import { findTwins } from "./twins.ts";

/** A source that gives only what changed lacks no user. */
const EVERYBODY = { has: () => true };

/** The third step of a plan: decides on every user of the source and on every leaver. Asks Oplead only if there are users to send. */
export async function judgeUsers(compared: Compared): Promise<Judged> {
  const { oplead, options, plannedAt, snapshot, moves, reading, users, retry, shared, work, warnings } = compared;
  // An approval says whose plan it was.
  const isFirstNight = compared.info?.runs === undefined && !compared.approval;
  const { guard, resend } = options;
  const { rows, unidentified } = users;
  const profiles = users.hasOpenSteps ? await readProfiles(oplead, work.signal, warnings) : undefined;
  const { found, bySource, known, withKnown } = await findSuspicious(compared);
  const suspectedIn = (own: Suspicious["found"]) =>
    new Map([...own, ...bySource].map(([one]) => [one, together(own.get(one), bySource.get(one))]));
  const suspected = suspectedIn(withKnown);
  const toSegment = guard !== false && guard.segments ? segmentToKeep : undefined;
  const judgement = await judge(
    {
      rows,
      ledger: snapshot,
      profiles,
      dataIssues: options.checks === "error" ? suspectedIn(found) : new Map(),
      resend,
      keptOf: (accountNumber, row) => {
        const { segment, state } = row;
        const before = snapshot.get(accountNumber);
        const ofData =
          shared && typeof state === "object" && !isUnsent(row, before)
            ? keepSuspicious(state.content, withKnown.get(accountNumber), before, plannedAt)
            : shared && forgetSuspicious(before, known.get(accountNumber));
        return bothKept(toSegment?.(segment), ofData);
      },
      twins: await findTwins(rows, snapshot, options.newUsers, { isFull: reading.isFull, isFirstNight }, work),
    },
    work,
  );
  await giveWay(work);
  const leavers = await findLeavers({
    ...options.leavers,
    now: plannedAt,
    unidentified,
    ledger: snapshot,
    retry,
    resend,
    rows: reading.isFull ? rows : EVERYBODY,
    perhapsMoved: new Set(judgement.twins.map(({ of }) => of)),
  });
  const sent = [...judgement.changes, ...leavers.changes];
  const old = await readOldValues(options.ledger, snapshot, sent, moves);
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
  const suspicious = [...suspiciousAmong(changes, suspected), ...known.values()].sort((a, b) => a.record - b.record);
  return { ...compared, judgement, leavers, changes, suspicious, old };
}

const NOTHING = { found: new Map(), bySource: new Map(), known: new Map(), withKnown: new Map() } as const;

interface Suspicious {
  readonly found: ReadonlyMap<string, readonly OpleadIssue[]>;
  readonly bySource: ReadonlyMap<string, readonly OpleadIssue[]>;
  readonly known: ReadonlyMap<string, SuspiciousRecord>;
  /** What was found, with what is known of users of whom another part is sent. */
  readonly withKnown: ReadonlyMap<string, readonly OpleadIssue[]>;
}

/** The data that looks wrong, by account number: as checks of this package and the source find it, and as it was sent before. */
async function findSuspicious(compared: Compared): Promise<Suspicious> {
  const { oplead, options, read, reading, snapshot, users, shared, work, warnings } = compared;
  if (!shared) return NOTHING;
  const countries = options.coverage?.universe.countries ?? [];
  const toCheck = { users: users.usersToSend(), areas: users.areasToSend(), shared, countries };
  const found = await checkData(oplead, toCheck, work, warnings);
  const { rows } = users;
  const bySource = suspectedBySource(read.source, rows);
  const known = findKnown({ rows, ledger: snapshot, shared, isFull: reading.isFull, bySource });
  const withKnown = new Map(found);
  for (const [one, issues] of knownInPart({ rows, ledger: snapshot, shared })) addTo(withKnown, one, issues);
  return { found, bySource, known, withKnown };
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
