import { type Command, InvalidArgumentError } from "commander";
import type { OpleadIssue } from "oplead-sdk";
import type { ConfigPart } from "oplead-sdk/config";
import {
  type CoverageResult,
  coverage,
  coverageOf,
  coverageReport,
  type FindingKind,
  labelFindings,
  type Replay,
  replay,
} from "oplead-sdk/coverage";
import type { Action } from "../../command.ts";
import { findingsCsv } from "../../coverage/findings-csv.ts";
import { geography } from "../../coverage/geography.ts";
import { leadsAt } from "../../coverage/leads.ts";
import { type LoadFlags, loadAndSuggestions, loadLines, suggestionLines } from "../../coverage/load.ts";
import { observe, observedJson, observedLines } from "../../coverage/observed.ts";
import { unknownIn, usersInOplead, warnOfUnknown } from "../../coverage/planned-users.ts";
import { settingsOf } from "../../coverage/policies.ts";
import { EXIT, withReport } from "../../exit.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn } from "../../shell/flags.ts";
import { firstLines } from "../../shell/output.ts";
import { writePrivateFile } from "../../shell/write-file.ts";
import type { Text } from "../../texts/fr/texts.ts";
import { counted, issueText, languageName, messageOf, phrase, say } from "../../texts/say.ts";
import { type LeftOut, readUsers, uniqueUsers } from "../../workspace/read-users.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

interface CoverageFlags extends ConfigFlags, LoadFlags {
  readonly html?: string;
  readonly csv?: string;
  readonly user?: string;
  readonly names?: boolean;
  readonly failOn?: readonly FindingKind[];
  readonly leads?: string;
  readonly observed?: string;
  readonly overlapAbove?: number;
  readonly online?: boolean;
}

const KINDS: readonly FindingKind[] = ["gap", "thin", "overlap", "dead", "subsumed", "unreachable"];

export function define(command: Command): Action {
  configFlags(command)
    .option("--html <file>", say("also write a report with a map"))
    .option("--csv <file>", say("also write the findings as CSV"))
    .option("--user <account>", say("with --html: the page of this user alone, to hand to it"))
    .option("--names", say("show names in the report, not account numbers only"))
    .option(
      "--fail-on <kinds>",
      say("end with 1 if there are such findings: {kinds}", { kinds: KINDS.join(", ") }),
      kinds,
    )
    .option("--leads <file>", say("say which leads of a CSV or JSON file reach other users than before the last run"))
    .option("--observed <path>", say("compare the leads that users got with their rules: a CSV, Excel or JSON file"))
    .option(
      "--load <file or rate>",
      say(
        "say how many leads a month each user gets: from a CSV, Excel or JSON file with the leads of a month, or from leads per inhabitant, for example 0.0002",
      ),
    )
    .option("--max-load <leads>", say("with --load: name users with more leads a month"), numberIn(0, 1e9))
    .option("--min-load <leads>", say("with --load: name users with fewer leads a month"), numberIn(0, 1e9))
    .option(
      "--suggest [changes]",
      say(
        "suggest at most so many changes of rules that close gaps, or with --load and --max-load or --min-load even out load; 10 if no number is given",
      ),
      numberIn(1, 1_000),
    )
    .option(
      "--max-distance <km>",
      say("with --suggest: the largest radius, and how far new postcodes may be, in km"),
      numberIn(1, 1e5),
    )
    .option("--overlap-above <number>", say("more eligible users than this are an overlap"), numberIn(1, 1e6))
    .option("--online", say("read the countries from Oplead instead of the map of France in this package"));
  helpNote(command, say("Sends no user: it reads the source and compares the rules with the map."));
  return findCoverage;
}

const findCoverage: Action<CoverageFlags> = (context, args, flags) => {
  const {
    html,
    csv,
    user,
    names = false,
    overlapAbove,
    failOn = [],
    leads,
    observed: observedFile,
    online = false,
  } = flags;
  for (const [flag, name, needed, other] of NEEDED) {
    if (flags[flag] !== undefined && flags[needed] === undefined)
      context.output.warn(say("{flag} does nothing without {other}.", { flag: name, other }));
  }
  const needs: ConfigPart[] = online ? ["client", "source", "map"] : ["source", "map"];
  const find = inWorkspace(
    needs,
    async (workspace) => {
      const { users: read, leftOut } = await readUsers(workspace, context);
      // Of a record that is wrong Oplead learns nothing: with a rule that cannot be read, its user would be eligible everywhere, perhaps.
      const users = uniqueUsers(read.filter(({ isValid }) => isValid));
      const { locate, countries } = await geography(workspace, context, users, online);
      const { universe, assumptions: assumed, labels = {}, company } = settingsOf(workspace.config);
      const places = { universe: { ...universe, countries }, locate, assumptions: assumed };
      const { signal } = context.interrupts;
      const options = { ...places, overlapAbove, signal };
      const result = await coverage(users, options);
      let replayed: Replay | undefined;
      if (leads !== undefined) {
        const inOplead = await usersInOplead(workspace.ledger, places, signal);
        const before = inOplead && inOplead.unchanged.length > 0 ? inOplead : undefined;
        if (before) warnOfUnknown(unknownIn(before), context.output);
        else context.output.warn(phrase(NOTHING_BEFORE));
        replayed = await replay(
          await leadsAt(leads, { locate, countries }, context),
          before ? (await coverageOf(before)).before : result,
          result,
          { signal },
        );
      }
      const observed =
        observedFile === undefined ? undefined : await observe(observedFile, users, { ...places, signal }, context);
      const { load, suggestions } = await loadAndSuggestions(result, flags, { locate, countries }, context);
      if (html !== undefined) {
        const shown = { language: languageName(), names, user, labels, company };
        const views = { observed: observed?.calibration, load, suggestions };
        const report = await coverageReport(result, { ...shown, ...views, signal });
        withReport(html, () => writePrivateFile(html, report));
      }
      const { assumptions, findings } = result;
      const labelled = labelFindings(findings, labels);
      if (csv !== undefined) withReport(csv, () => writePrivateFile(csv, findingsCsv(labelled)));
      const failing = findings.filter(({ kind, certain }) => certain && failOn.includes(kind)).length;
      const json = {
        users: users.length,
        leftOut,
        failing,
        assumptions,
        findings,
        replay: replayed,
        observed: observed && observedJson(observed),
        load,
        suggestions,
      };
      context.output.result(
        [
          textOf({ assumptions, findings: labelled }, users.length),
          ...leftOutLines(leftOut),
          ...leadLines(replayed),
          ...(observed ? observedLines(observed) : []),
          ...loadLines(load),
          ...suggestionLines(suggestions, flags),
        ].join("\n"),
        json,
      );
      for (const file of [html, csv]) if (file !== undefined) context.output.note(say("Written: {file}", { file }));
      return failing > 0 ? EXIT.error : EXIT.success;
    },
    // What Oplead has is in the ledger.
    { usesLedger: leads !== undefined },
  );
  return find(context, args, flags);
};

/** Flags that say more about another one. */
const NEEDED = [
  ["user", "--user", "html", "--html"],
  ["names", "--names", "html", "--html"],
  ["maxLoad", "--max-load", "load", "--load"],
  ["minLoad", "--min-load", "load", "--load"],
  ["maxDistance", "--max-distance", "suggest", "--suggest"],
] as const;

const NOTHING_BEFORE: Text = "The ledger knows no user that Oplead has: the leads are compared with themselves.";

/** At most this many findings of a kind are in a text; `--json` and the HTML report have all. */
const SHOWN = 10;

function textOf({ findings, assumptions }: Pick<CoverageResult, "findings" | "assumptions">, users: number): string {
  const lines = [
    say("{users}, {findings}.", { users: counted(users, "user"), findings: counted(findings.length, "finding") }),
  ];
  for (const kind of KINDS) {
    const found = findings.filter((finding) => finding.kind === kind);
    if (found.length === 0) continue;
    const messages = found.map((one) => `  ${one.certain ? "" : say("perhaps: ")}${messageOf(one)}`);
    lines.push("", `${phrase(kind)} (${found.length})`, ...firstLines(messages, SHOWN));
  }
  return [...lines, "", say("Assumptions: {names}", { names: assumptions.join(", ") })].join("\n");
}

function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  if (leftOut.length === 0) return [];
  const messages = leftOut.map(({ row, accountNumber = say("(no account number)"), issues }) => {
    const why = issues.map((issue) => `${issue.path} ${issueText(issue as OpleadIssue)}`.trimStart());
    const where = row === undefined ? "" : ` (${say("row {row}", { row: String(row) })})`;
    return `  ${accountNumber}${where}  ${why.join(say("; ")) || say("map failed")}`;
  });
  const heading = say("Left out, because the record is invalid and is not sent ({count})", { count: leftOut.length });
  return ["", heading, ...firstLines(messages, SHOWN)];
}

function leadLines(replayed: Replay | undefined): string[] {
  if (!replayed) return [];
  const { summary, changes, unreached } = replayed;
  const messages = changes.map((change) => `  ${messageOf(change)}`);
  const heading = [
    "",
    say("Leads: {summary}", { summary: messageOf(summary) }),
    say("  without an eligible user: {count}", { count: unreached.after }),
  ];
  return [...heading, ...firstLines(messages, SHOWN)];
}

function kinds(text: string): FindingKind[] {
  return text.split(",").map((given) => {
    const known = KINDS.find((kind) => kind === given.trim());
    if (known) return known;
    throw new InvalidArgumentError(say("There are {kinds}.", { kinds: KINDS.join(", ") }));
  });
}
