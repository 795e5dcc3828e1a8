import { type Command, InvalidArgumentError } from "commander";
import type { OpleadIssue } from "oplead-sdk";
import type { ConfigPart } from "oplead-sdk/config";
import {
  type CoverageResult,
  coverage,
  coverageReport,
  type FindingKind,
  labelFindings,
  type Suggestion,
  suggest,
} from "oplead-sdk/coverage";
import type { Action } from "../../command.ts";
import { findingsCsv } from "../../coverage/findings-csv.ts";
import { geography } from "../../coverage/geography.ts";
import { checkLeadFile, leadCheckJson, leadCheckLines } from "../../coverage/lead-check.ts";
import { judgeUsers, policyLines, settingsOf } from "../../coverage/policies.ts";
import { EXIT, withReport } from "../../exit.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn } from "../../shell/flags.ts";
import { firstLines } from "../../shell/output.ts";
import { writePrivateFile } from "../../shell/write-file.ts";
import { counted, issueText, languageName, messageOf, phrase, say } from "../../texts/say.ts";
import { type LeftOut, readUsers, uniqueUsers } from "../../workspace/read-users.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

interface CoverageFlags extends ConfigFlags {
  readonly html?: string;
  readonly csv?: string;
  readonly names?: boolean;
  readonly failOn?: readonly FindingKind[];
  readonly leads?: string;
  readonly suggest: number;
  readonly maxDistance?: number;
  readonly overlapAbove?: number;
  readonly online?: boolean;
}

const KINDS: readonly FindingKind[] = ["gap", "thin", "overlap", "dead", "subsumed", "unreachable"];

export function define(command: Command): Action {
  configFlags(command)
    .option("--html <file>", say("also write a report with a map"))
    .option("--csv <file>", say("also write the findings as CSV"))
    .option("--names", say("show names in the report, not account numbers only"))
    .option(
      "--fail-on <kinds>",
      say("end with 1 if there are such findings: {kinds}", { kinds: KINDS.join(", ") }),
      kinds,
    )
    .option("--leads <file>", say("compare the leads that users got with their rules: a CSV, Excel or JSON file"))
    .option(
      "--suggest <changes>",
      say("how many changes of rules that close gaps are suggested"),
      numberIn(0, 1_000),
      5,
    )
    .option(
      "--max-distance <km>",
      say("of suggestions: the largest radius, and how far the gap of a new county may be, in km"),
      numberIn(1, 1e5),
    )
    .option("--overlap-above <number>", say("more eligible users than this are an overlap"), numberIn(1, 1e6))
    .option(
      "--online",
      say(
        "read the countries from Oplead instead of the map of France in this package: what rules name and the platform does not have is found",
      ),
    );
  helpNote(
    command,
    say(
      "Sends no user: it reads the source, compares the rules with the map and judges them by the policies of the config. Exit codes: 0 success; 1 error, or findings of --fail-on; 3 a policy is broken.",
    ),
  );
  return findCoverage;
}

const findCoverage: Action<CoverageFlags> = (context, args, flags) => {
  const { html, csv, names = false, overlapAbove, failOn = [], leads, online = false } = flags;
  if (names && html === undefined)
    context.output.warn(say("{flag} does nothing without {other}.", { flag: "--names", other: "--html" }));
  const needs: ConfigPart[] = online ? ["client", "source", "map"] : ["source", "map"];
  const find = inWorkspace(
    needs,
    async (workspace, context) => {
      const { config } = workspace;
      const { users: read, leftOut } = await readUsers(workspace, context);
      // Of a record that is wrong Oplead learns nothing: with a rule that cannot be read, its user would be eligible everywhere, perhaps.
      const users = uniqueUsers(read.filter(({ isValid }) => isValid));
      const { locate, countries } = await geography(workspace, context, users, online);
      const { universe, assumptions: assumed, labels = {}, company } = settingsOf(config);
      const places = { universe: { ...universe, countries }, locate, assumptions: assumed };
      const { signal } = context.interrupts;
      const result = await coverage(users, { ...places, overlapAbove, signal });
      const suggestions = await suggestionsFor(result, flags, signal);
      const judged = await judgeUsers(config, users, { ...places, labels }, signal);
      const checked =
        leads === undefined
          ? undefined
          : await checkLeadFile(leads, users, { countries, locate, assumptions: assumed, signal }, context);
      if (html !== undefined) {
        const shown = { language: languageName(), names, labels, company };
        const report = await coverageReport(result, { ...shown, suggestions, signal });
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
        suggestions,
        findings,
        policies: judged,
        leads: checked && leadCheckJson(checked),
      };
      const found = { users: counted(users.length, "user"), findings: counted(findings.length, "finding") };
      context.output.result(
        [
          say("{users}, {findings}.", found),
          ...(flags.suggest === 0 ? [] : suggestionLines(suggestions, result)),
          ...findingLines({ assumptions, findings: labelled }),
          ...leftOutLines(leftOut),
          ...policyLines(judged),
          ...(checked ? leadCheckLines(checked) : []),
        ].join("\n"),
        json,
      );
      for (const file of [html, csv]) if (file !== undefined) context.output.note(say("Written: {file}", { file }));
      if (judged && judged.broken > 0) return EXIT.guard;
      return failing > 0 ? EXIT.error : EXIT.success;
    },
    { usesLedger: false },
  );
  return find(context, args, flags);
};

/** The changes that close gaps. */
async function suggestionsFor(
  result: CoverageResult,
  { suggest: changes, maxDistance }: CoverageFlags,
  signal: AbortSignal,
): Promise<Suggestion[]> {
  return changes === 0 ? [] : await suggest(result, { limits: { changes, maxDistance }, signal });
}

function suggestionLines(suggestions: readonly Suggestion[], { findings }: CoverageResult): string[] {
  if (suggestions.length > 0) {
    const lines = suggestions.map((one, at) => `  ${at + 1}. ${messageOf(one)}`);
    return ["", say("Suggestions, each given those before it ({count})", { count: lines.length }), ...lines];
  }
  return findings.some(({ kind }) => kind === "gap")
    ? ["", say("No change of a rule within the limits closes a gap.")]
    : [];
}

/** At most this many findings of a kind are in a text; `--json` and the HTML report have all. */
const SHOWN = 10;

function findingLines({ findings, assumptions }: Pick<CoverageResult, "findings" | "assumptions">): string[] {
  const lines: string[] = [];
  for (const kind of KINDS) {
    const found = findings.filter((finding) => finding.kind === kind);
    if (found.length === 0) continue;
    const messages = found.map((one) => [
      `  ${one.certain ? "" : say("perhaps: ")}${messageOf(one)}`,
      ...one.nearest.map((user) => `      ${messageOf(user)}`),
    ]);
    lines.push(
      "",
      `${phrase(kind)} (${found.length})`,
      ...firstLines(
        messages.map((one) => one.join("\n")),
        SHOWN,
      ),
    );
  }
  return [...lines, "", say("Assumptions: {names}", { names: assumptions.join(", ") })];
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

function kinds(text: string): FindingKind[] {
  return text.split(",").map((given) => {
    const known = KINDS.find((kind) => kind === given.trim());
    if (known) return known;
    throw new InvalidArgumentError(say("There are {kinds}.", { kinds: KINDS.join(", ") }));
  });
}
