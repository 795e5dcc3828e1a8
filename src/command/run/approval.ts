import type { SavedPlan, SyncPlan } from "oplead-sdk/sync";
import { type ApprovalCommandOptions, approvalCommand } from "#parts";
import type { Context } from "../command.ts";
import { CommandError, EXIT } from "../exit.ts";
import { type Sayable, told } from "../say.ts";
import { firstTold } from "../shell/output.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { makePlan } from "./make-plan.ts";
import { noteOf, readShown, type ShownPlan, writeShown } from "./notes.ts";

export function commandToApprove(
  plan: Parameters<typeof approvalCommand>[0],
  { queue, ...named }: ApprovalCommandOptions & { readonly queue?: boolean | undefined },
): string {
  const command = approvalCommand(plan, named);
  return queue && command.startsWith("npx oplead-sdk sync ") ? `${command} --queue` : command;
}

type RunNames = Pick<ApprovalCommandOptions, "target" | "config">;

function commandToRead(plan: SyncPlan, { target, config }: RunNames): string {
  // The command that approves a plan selects the same users.
  const [, options = ""] = approvalCommand(plan, { target, config }).split(` --approve ${plan.hash}`);
  return `npx oplead-sdk plan${options}`;
}

// Notes the plan that a person has seen, so that a later error can name the users that differ from it.
export function noteShown(plan: SyncPlan, { loaded, isFake }: Pick<Workspace, "loaded" | "isFake">): void {
  if (isFake || (plan.changes.length === 0 && plan.refusals.length === 0)) return;
  try {
    writeShown(loaded, plan.toJSON());
  } catch {
    // Without the note, a later message names no users.
  }
}

// With `--only` or `--limit`, the approved hash may be that of the plan of all users.
export async function planToApprove(
  workspace: Workspace,
  context: Context,
  approve: string | undefined,
  { only, limit, ...asked }: Parameters<typeof makePlan>[2] & object,
  names: RunNames,
): Promise<SyncPlan> {
  if (approve !== undefined && (only !== undefined || limit !== undefined)) {
    const whole = await makePlan(workspace, context, asked);
    if (whole.hash === approve) return whole;
  }
  const plan = await makePlan(workspace, context, { ...asked, only, limit });
  refuseOther(approve, plan, workspace, names);
  return plan;
}

export interface PlanDifference {
  readonly accountNumber: string;
  readonly difference: "added" | "removed" | "changed" | "missing" | "back";
}

// Differences that a message names; `--json` lists all.
const SHOWN = 20;

export function namesOf(differences: readonly PlanDifference[]): Sayable {
  const lines = differences.map(({ accountNumber: user, difference }) =>
    told("user_and_what", { user, what: told(`difference_${difference}`) }),
  );
  return firstTold(lines, SHOWN);
}

function refuseOther(
  approve: string | undefined,
  plan: SyncPlan,
  { loaded }: Pick<Workspace, "loaded">,
  names: RunNames,
): void {
  if (approve === undefined || approve === plan.hash) return;
  const approved = readShown(loaded, approve);
  const details = { hash: plan.hash };
  if (!approved) {
    const message = told("approval_unknown", { hash: approve, command: commandToRead(plan, names) });
    throw new CommandError("stale_plan", message, EXIT.guard, details);
  }
  throw stale(approve, plan, differencesBetween(approved, noteOf(plan.toJSON())), names);
}

function stale(
  approved: string,
  plan: SyncPlan,
  differences: readonly PlanDifference[],
  names: RunNames,
): CommandError {
  const command = commandToRead(plan, names);
  const message =
    differences.length === 0
      ? told("approval_reasons_changed", { plan: approved, command })
      : told("plan_out_of_date", { plan: approved, lines: namesOf(differences), command });
  return new CommandError("stale_plan", message, EXIT.guard, { hash: plan.hash, differences });
}

// Changes with the same hash are equal. All account numbers that are e-mail addresses have one text, so none counts as
// changed.
function differencesBetween(before: ShownPlan, now: ShownPlan): PlanDifference[] {
  const added = onlyIn(now.changes, before.changes);
  const removed = onlyIn(before.changes, now.changes);
  const isChanged = (user: string): boolean => user !== NOT_SHOWN && added.has(user) && removed.has(user);
  const [missing, missingNow] = [new Set(before.missing), new Set(now.missing)];
  const differences: PlanDifference[] = [];
  const add = (difference: PlanDifference["difference"], accountNumber: string) =>
    differences.push({ accountNumber, difference });
  for (const user of added) add(isChanged(user) ? "changed" : "added", user);
  for (const user of removed) if (!isChanged(user)) add("removed", user);
  for (const user of missingNow) if (!missing.has(user)) add("missing", user);
  for (const user of missing) if (!missingNow.has(user)) add("back", user);
  return differences.sort((a, b) => (a.accountNumber < b.accountNumber ? -1 : 1));
}

const NOT_SHOWN = "[not shown]";

function onlyIn(changes: ShownPlan["changes"], others: ShownPlan["changes"]): Set<string> {
  const known = new Set(others.map(([, hash]) => hash));
  return new Set(changes.flatMap(([user, hash]) => (known.has(hash) ? [] : [user])));
}

export function isElsewhere({ platform: { baseUrl, name }, testMode }: SavedPlan, plan: SyncPlan): boolean {
  return testMode !== plan.testMode || baseUrl !== plan.platform.baseUrl || name !== plan.platform.name;
}

// Returns the users that differ: an approved plan leaves them to the next run. Any other plan throws.
export function compareWithSaved(
  saved: SavedPlan,
  plan: SyncPlan,
  isApproved: boolean,
  names: RunNames,
): readonly PlanDifference[] {
  const now = plan.toJSON();
  const differences = differencesBetween(noteOf(saved), noteOf(now));
  const hashes = new Set(now.changes.map(({ hash }) => hash));
  const isSomeLeft = isApproved && saved.changes.some(({ hash }) => hashes.has(hash));
  // `apply` itself refuses a plan of another platform or mode.
  if (saved.hash === plan.hash || isSomeLeft || isElsewhere(saved, plan)) return differences;
  throw stale(saved.hash, plan, differences, names);
}
