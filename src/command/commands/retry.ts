import type { Command } from "commander";
import { among, type Ledger } from "oplead-sdk/sync";
import { readAudit } from "#parts";
import type { Action } from "../command.ts";
import { CommandError, EXIT } from "../exit.ts";
import { carryOut, endIfPaused } from "../run/carry-out.ts";
import { makePlan } from "../run/make-plan.ts";
import { type RunFlags, reporting, sendFlags } from "../run/report.ts";
import { auditPath } from "../run/trace.ts";
import { say, told } from "../say.ts";
import { helpNote } from "../shell/program.ts";
import { inWorkspace } from "../workspace/workspace.ts";

interface RetryFlags extends RunFlags {
  readonly held?: boolean;
}

export function define(command: Command): Action {
  command.argument("[account...]", say("retry_accounts"));
  sendFlags(command).option("--held", say("retry_held"));
  helpNote(command, say("retry_notes"));
  return reporting(retry, "retry");
}

const retry = inWorkspace<RetryFlags>(["client", "source", "map"], async (workspace, context, accounts, flags) => {
  const paused = await endIfPaused(workspace, context, flags);
  if (paused !== undefined) return paused;
  const { output } = context;
  const { held: sendsHeld = false } = flags;
  const isNamed = accounts.length > 0;
  const path = auditPath(workspace.loaded);
  const last = isNamed || path === undefined ? undefined : lastFailures(path);
  if (!isNamed && !last && !sendsHeld) {
    const message = path === undefined ? told("retry_without_audit") : told("retry_without_run", { file: path });
    throw new CommandError("usage", message);
  }
  const plan = await makePlan(workspace, context, { full: true, retryHeld: sendsHeld });
  const held = sendsHeld && !isNamed ? await heldAccounts(workspace.ledger) : [];
  const wanted = new Set(isNamed ? accounts : [...(last?.accountNumbers ?? []), ...held]);
  const only = plan.changes.map(({ accountNumber }) => accountNumber).filter((name) => wanted.has(name));
  if (only.length === 0 && !output.json && flags.report === undefined) {
    const refused = among(plan.findings, "held").filter(({ accountNumber }) => wanted.has(accountNumber)).length;
    const how = refused === 0 ? "" : say("refused_before", { count: refused });
    output.raw(say("nothing_to_send_again") + how);
    return EXIT.success;
  }
  const users = only.length;
  output.note(last ? say("to_send_again_from_run", { users, run: last.run }) : say("to_send_again", { users }));
  return carryOut(plan, workspace, context, flags, (watched) => plan.apply({ only, ...watched }), {});
});

async function heldAccounts(ledger: Ledger): Promise<string[]> {
  const accounts: string[] = [];
  for await (const [accountNumber, { held = {} }] of ledger.entries()) {
    if (Object.keys(held).length > 0) accounts.push(accountNumber);
  }
  return accounts;
}

const FAILED: ReadonlySet<string> = new Set(["failed", "incomplete", "skipped"]);

// Ignores rehearsals and runs with `--source`: the config's source may have other content for their users.
export function lastFailures(
  file: string,
): { readonly run: string; readonly accountNumbers: readonly string[] } | undefined {
  let newest: { readonly run: string; readonly time: string } | undefined;
  const outcomes = new Map<string, string>();
  const ofFiles = new Set<string>();
  for (const line of readAudit(file)) {
    if (line.event === "run_planned" && line.sourceFile !== undefined) ofFiles.add(line.run);
    if (line.event !== "user" || line.run === undefined || line.testMode || line.killed) continue;
    if (ofFiles.has(line.run)) continue;
    const { run, time, accountNumber, outcome } = line;
    if (run !== newest?.run) {
      if (newest && time < newest.time) continue;
      newest = { run, time };
      outcomes.clear();
    }
    outcomes.set(accountNumber, outcome);
  }
  const accountNumbers = [...outcomes].filter(([, outcome]) => FAILED.has(outcome)).map(([name]) => name);
  return newest && { run: newest.run, accountNumbers };
}
