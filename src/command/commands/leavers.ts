import type { Command } from "commander";
import { type Finding, listLeavers, markLeaver } from "oplead-sdk/sync";
import type { TextLine } from "#parts";
import { csvLine, safeCell } from "../../core/page.ts";
import type { Subcommands } from "../command.ts";
import { EXIT } from "../exit.ts";
import { languageName, say, shownDay } from "../say.ts";
import { aligned } from "../shell/output.ts";
import { type ConfigFlags, configFlags, helpNote, subcommand } from "../shell/program.ts";
import type { Names } from "../workspace/names.ts";
import { inWorkspace } from "../workspace/workspace.ts";

interface ListFlags extends ConfigFlags {
  readonly due?: boolean;
  readonly csv?: boolean;
}

export function define(command: Command): Subcommands {
  const sub = subcommand(command);
  // Options after the name of a subcommand belong to the subcommand.
  configFlags(command.enablePositionalOptions())
    .option("--due", say("leavers_due"))
    .option("--csv", say("leavers_csv"));
  helpNote(command, say("leavers_notes"));
  return [
    [command, list],
    [sub("done <account...>", say("leavers_done_summary")), marking(true)],
    [sub("undo <account...>", say("leavers_undo_summary")), marking(false)],
  ];
}

const COLUMNS = ["accountNumber", "id", "missingSince", "days", "state", "certain"] as const;

// The French file is as Excel on a French Windows reads it: semicolons and a byte order mark.
function csv(leavers: readonly Finding<"leaver">[], names: Names): string {
  const isFrench = languageName() === "fr";
  const cellOf = (leaver: Finding<"leaver">, column: (typeof COLUMNS)[number]): string => {
    if (!isFrench) return String(leaver[column]);
    if (column === "state") return say(leaver.state);
    if (column === "certain") return say(leaver.certain ? "true" : "false");
    return column === "missingSince" ? shownDay(leaver.missingSince) : String(leaver[column]);
  };
  const { labels, segments } = names.forCsv;
  const more = [...(labels ? [["label", labels] as const] : []), ...(segments ? [["segment", segments] as const] : [])];
  const rows = [
    [...COLUMNS.map((column) => say(column)), ...more.map(([column]) => say(column))],
    ...leavers.map((leaver) => [
      ...COLUMNS.map((column) => safeCell(cellOf(leaver, column))),
      ...more.map(([, known]) => safeCell(known.get(leaver.accountNumber) ?? "")),
    ]),
  ];
  const lines = rows.map((row) => csvLine(row, isFrench ? ";" : ","));
  return isFrench ? `\uFEFF${lines.join("\r\n")}` : lines.join("\n");
}

const list = inWorkspace<ListFlags>([], async ({ ledger, config, names }, context, _args, flags) => {
  const { output } = context;
  const all = await listLeavers(ledger, { graceDays: config.leavers?.graceDays });
  const leavers = flags.due ? all.filter(({ state }) => state === "due") : all;
  // The source may have names of leavers: their rows may be there with a state that the mapping skips.
  if (leavers.length > 0) await names.read(context);
  const text = leavers.length === 0 ? say("no_leavers") : linesOf(leavers, names);
  if (flags.csv && !output.json) output.raw(csv(leavers, names));
  else {
    const asJson = leavers.map((leaver) => Object.fromEntries(COLUMNS.map((column) => [column, leaver[column]])));
    output.result(text, { leavers: asJson });
  }
  return flags.due && leavers.length > 0 ? EXIT.unsendable : EXIT.success;
});

function linesOf(leavers: readonly Finding<"leaver">[], names: Names): TextLine[] {
  const rows = leavers.map(({ state, accountNumber, id, missingSince, days }) => [
    say(state),
    names.named(accountNumber),
    say("leaver_id", { id }),
    say("leaver_since", { day: shownDay(missingSince) }),
    say("leaver_days", { days }),
  ]);
  return aligned(rows).map((text, index) => ({ text, tone: leavers[index]?.state === "due" ? "notable" : undefined }));
}

const marking = (done: boolean) =>
  inWorkspace<ConfigFlags>([], async ({ ledger }, { output }, accounts) => {
    const marked: string[] = [];
    for (const account of accounts) if (await markLeaver(ledger, account, { done })) marked.push(account);
    const unknown = accounts.filter((account) => !marked.includes(account));
    if (unknown.length > 0) output.warn(say("not_leavers", { users: unknown }));
    output.result(
      done ? say("leavers_done", { count: marked.length }) : say("leavers_open_again", { count: marked.length }),
      { marked, unknown },
    );
    return unknown.length > 0 ? EXIT.error : EXIT.success;
  });
