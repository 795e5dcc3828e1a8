import { counted, duration } from "../../base/words.ts";
import { FIELDS_UNKNOWN, tally, userAt, who } from "../text.ts";
import type { PlanFacts, PlanSelection } from "../types/plan.ts";
import type { PlannedUser } from "../types/records.ts";
import { findingSections, leaverAmount, moveAmount } from "./findings.ts";
import { type Overview, type Section, section } from "./overview.ts";

const DOUBTED = "sent once more, because an attempt had no known outcome";

/** A plan for people: how much, how long, and what to look at before it is approved. */
export function planOverview(plan: PlanFacts, all = false, leaverNotes?: ReadonlyMap<string, string>): Overview {
  const { hash, testMode, counts, estimate, changes } = plan;
  const created = changes.filter(({ kind }) => kind === "new");
  const changed = changes.filter(({ kind }) => kind !== "new");
  const fields = tally(changed.flatMap((user) => (user.fieldsUnknown ? ["unknown field"] : user.fields))).join(", ");
  const rules = tally(changes.flatMap(({ rules }) => rules)).join(", ");
  return {
    title: `plan ${hash}: ${counted(counts.records, "record")}${testMode ? " (test mode)" : ""}`,
    amounts: [
      [counts.new, "new", "good"],
      [counts.changed, `changed${fields === "" ? "" : `: ${fields}`}`, "notable"],
      [counts.unchanged, "unchanged"],
      [counts.held, "held: refused before, and not changed since", "notable"],
      [counts.waiting, "waiting for a parent that is not in Oplead"],
      [counts.invalid, "invalid", "bad"],
      [counts.duplicate, "with an account number that several records have"],
      [counts.stale, "older than what Oplead has"],
      [counts.ignored, "left out"],
      moveAmount(plan.moves),
      leaverAmount(plan.missing),
    ],
    notes: [
      ...(rules === "" ? [] : [`rules to set: ${rules}`]),
      `needs ${counted(estimate.requests, "request")}${timeOf(plan)}`,
      ...selectionNotes(plan.selection),
      ...(plan.changedSince === undefined ? [] : [`reads what changed since ${plan.changedSince}`]),
    ],
    sections: [
      section("Refused by the guard", ["why"], plan.refusals, ({ message }) => [message], {
        tone: "bad",
        isUrgent: true,
      }),
      section("New", ["user", "rules"], created, (user) => [userAt(user), rulesOf(user.rules).join(", ")], {
        tone: "good",
      }),
      all || changed.length <= READ_ONE_BY_ONE ? changesOf(changed) : kindsOf(changed),
      section("Waiting", ["user", "why"], plan.waiting, (user) => {
        return [userAt(user), `its parent ${who(user.parent)} is ${user.because}`];
      }),
      ...findingSections(plan, leaverNotes),
    ],
  };
}

/** At most this many changes are listed one by one. */
const READ_ONE_BY_ONE = 10;

function changesOf(changed: readonly PlannedUser[]): Section {
  return section("Changed", ["user", "sent"], changed, (user) => [userAt(user), sentOf(user, true)], {
    tone: "notable",
  });
}

/** Changes by what is sent, the commonest first. */
function kindsOf(changed: readonly PlannedUser[]): Section {
  const kinds = new Map<string, PlannedUser[]>();
  for (const user of changed) {
    const sent = sentOf(user, false);
    const kind = kinds.get(sent);
    if (kind) kind.push(user);
    else kinds.set(sent, [user]);
  }
  const rows = [...kinds].sort(([, a], [, b]) => b.length - a.length);
  return section(
    "Changed",
    ["users", "examples"],
    rows,
    ([sent, users]) => {
      const examples = users.slice(0, 3).map(userAt).join(", ");
      return users.length === 1
        ? [`${examples}: ${sentOf(users[0] as PlannedUser, true)}`]
        : [`${counted(users.length, "user")}: ${sent}`, `for example ${examples}`];
    },
    { tone: "notable" },
  );
}

/** What is sent of a user; `isOne`: with what sets it apart from others of its kind. */
function sentOf(user: PlannedUser, isOne: boolean): string {
  return [
    ...(user.kind === "leaver" ? ["leaver"] : []),
    ...(user.movedFrom == null ? [] : [isOne ? `moved from ${who(user.movedFrom)}` : "moved"]),
    ...fieldsOf(user),
    ...rulesOf(user.rules),
    ...(user.doubted ? [DOUBTED] : []),
  ].join(", ");
}

function timeOf({ estimate: { requests, durationMs } }: PlanFacts): string {
  if (durationMs === undefined || requests === 0) return "";
  return ` (${durationMs < 1_000 ? "less than 1 s" : duration(durationMs)} at the client's rate)`;
}

function selectionNotes({ resend, only, limit, newUsers }: PlanSelection): string[] {
  return [
    ...(resend ? ["sends again what Oplead has according to the ledger"] : []),
    ...(only === undefined ? [] : [`sends only ${counted(only.length, "named user")}`]),
    ...(limit === undefined ? [] : [`sends at most ${counted(limit, "user")}`]),
    ...(newUsers ? [`really new, as was said: ${newUsers.map(who).join(", ")}`] : []),
  ];
}

function fieldsOf({ fields, fieldsUnknown }: PlannedUser): readonly string[] {
  return fieldsUnknown ? [FIELDS_UNKNOWN] : fields;
}

function rulesOf(rules: readonly string[]): string[] {
  return rules.map((rule) => `rule ${rule}`);
}
