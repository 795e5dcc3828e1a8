import type { Command } from "commander";
import { comparePlans, type SavedPlan, type SyncPlan } from "oplead-sdk/sync";
import type { Action, Context } from "../../command.ts";
import { CommandError, EXIT } from "../../exit.ts";
import { carryOut } from "../../run/carry-out.ts";
import { makePlan, plannedParts } from "../../run/make-plan.ts";
import { type RunFlags, reporting, runFlags } from "../../run/report.ts";
import { readPlanFile, type Selection } from "../../run/saved-file.ts";
import { FULL, helpNote, numberIn, SOURCE } from "../../shell/flags.ts";
import { firstTold } from "../../shell/output.ts";
import { languageName, phrase, say, told } from "../../texts/say.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

interface ApplyFlags extends RunFlags, Selection {
  readonly approve?: string;
  readonly source?: string;
}

export function define(command: Command): Action {
  command.argument("[file]", say("a plan that was saved by: oplead plan --out"));
  runFlags(command)
    .option("--approve <hash>", say("the hash of the plan that was read"))
    .option("--resend", say("send everything again, as plan --resend has shown it"))
    .option("--new <account...>", say("create these users, as plan --new has shown it"))
    .option("--source <file>", phrase(SOURCE))
    .option("--full", phrase(FULL))
    .option("--only <account...>", say("send these users only, for a trial"))
    .option("--limit <number>", say("send at most this many users, for a trial"), numberIn(0, 1e9));
  helpNote(
    command,
    say(
      "Reads the source again and compares it with the plan. Without a plan it shows one and asks, on a terminal only.\nExit codes: 0 success; 3 the plan is not the one that was read; 4 partly failed; 5 all was sent but records that cannot be; 1 error, or nothing arrived; 130 interrupted.",
    ),
  );
  return (context, args, flags) => reporting(apply, "apply")(context, args, flags as ApplyFlags);
}

const apply: Action<ApplyFlags> = async (context, args, flags) => {
  const [file] = args;
  const saved = file === undefined ? undefined : readPlanFile(file);
  const approve = saved?.hash ?? flags.approve;
  if (saved && flags.approve !== undefined && flags.approve !== saved.hash) {
    throw new CommandError("usage", told("--approve names another plan than the file."));
  }
  if (approve === undefined && !(process.stdin.isTTY && process.stderr.isTTY)) {
    const message = told(
      "Name the plan: npx oplead apply plan.json, or --approve HASH. Without reading it first: npx oplead sync.",
    );
    throw new CommandError("usage", message);
  }
  const parts = ({ source = saved?.selection.sourceFile }: ApplyFlags) => plannedParts({ source });
  const send = inWorkspace<ApplyFlags>(parts, async (workspace) => {
    const { resend, full, only, limit } = { ...saved?.selection, ...flags };
    const source = flags.source ?? saved?.selection.sourceFile;
    const newUsers = flags.new ?? saved?.selection.newUsers;
    const plan = await makePlan(workspace, context, { file: source, resend, full, only, limit, newUsers });
    if (saved) refuseStale(saved, plan);
    if (approve === undefined) await confirm(plan, context);
    const approval = { approve: approve ?? plan.hash };
    return carryOut(plan, workspace, context, flags, (watched) => plan.apply({ ...approval, ...watched }), approval);
  });
  return send(context, args, flags);
};

/** At most this many users are named in a message; `--json` lists all. */
const SHOWN = 20;

const WORDS = {
  added: "is new in the plan",
  removed: "has nothing to send any more",
  changed: "would get something else",
  missing: "is missing from the source now",
  back: "is in the source again",
} as const;

/** Names what keeps a saved plan from being carried out, and the users of which something else would be sent. */
function refuseStale(saved: SavedPlan, plan: SyncPlan): void {
  const { findings, differences } = comparePlans(saved, plan);
  const [finding] = findings;
  if (!finding) return;
  if (finding.code !== "other_plan") {
    throw new CommandError(
      finding.code,
      told("{message} Nothing was sent.", { message: { coded: finding } }),
      EXIT.guard,
    );
  }
  const lines = differences.map(({ accountNumber: user, difference }) =>
    told("  {user}: {what}", { user, what: told(WORDS[difference]) }),
  );
  throw new CommandError(
    "stale_plan",
    told(
      "The plan {plan} is out of date: the source or the ledger has changed. Nothing was sent.\n{lines}\nRead the new plan: npx oplead plan",
      { plan: saved.hash, lines: firstTold(lines, SHOWN) },
    ),
    EXIT.guard,
    { hash: plan.hash, differences },
  );
}

/** In each language: who reads a French plan may answer either way. */
const YES = /^(?:yes|oui)$/i;

async function confirm(plan: SyncPlan, { output, interrupts }: Context): Promise<void> {
  output.note(plan.toString({ language: languageName() }));
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(say('\nSend this to Oplead? Type "yes": '), { signal: interrupts.signal });
    if (YES.test(answer.trim())) return;
    throw new CommandError("not_confirmed", told("The plan was not confirmed. Nothing was sent."));
  } finally {
    lines.close();
  }
}
