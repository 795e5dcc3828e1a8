import type { Command } from "commander";
import type { OpleadIssue } from "oplead-sdk";
import type { ConfigPart } from "oplead-sdk/config";
import {
  type CoverageFinding,
  type CoverageResult,
  coverage,
  coverageReport,
  type FindingKind,
  labelFindings,
  type Suggestion,
  suggest,
} from "oplead-sdk/coverage";
import { csvLine, safeCell } from "../../core/page.ts";
import type { Action } from "../command.ts";
import { EXIT, withReport } from "../exit.ts";
import { geography, judgeUsers, policyLines, settingsOf } from "../run/coverage.ts";
import { checkLeadFile, leadCheckJson, leadCheckLines } from "../run/leads.ts";
import { issueText, languageName, messageOf, say, told } from "../say.ts";
import { writePrivateFile } from "../shell/files.ts";
import { firstLines } from "../shell/output.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn, WrongValue } from "../shell/program.ts";
import { type LeftOut, readUsers, uniqueUsers } from "../workspace/read-users.ts";
import { inWorkspace } from "../workspace/workspace.ts";

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
    .option("--html <file>", say("coverage_html"))
    .option("--csv <file>", say("coverage_csv"))
    .option("--names", say("coverage_names"))
    .option("--fail-on <kinds>", say("coverage_fail_on", { kinds: KINDS.join(", ") }), kinds)
    .option("--leads <file>", say("coverage_leads"))
    .option("--suggest <changes>", say("coverage_suggest"), numberIn(0, 1_000), 5)
    .option("--max-distance <km>", say("coverage_max_km"), numberIn(1, 1e5))
    .option("--overlap-above <number>", say("coverage_overlap"), numberIn(1, 1e6))
    .option("--online", say("coverage_online"));
  helpNote(command, say("coverage_notes"));
  return findCoverage;
}

function kinds(text: string): FindingKind[] {
  return text.split(",").map((given) => {
    const known = KINDS.find((kind) => kind === given.trim());
    if (known) return known;
    throw new WrongValue(told("kinds_expected", { kinds: KINDS.join(", ") }));
  });
}

const findCoverage: Action<CoverageFlags> = (context, args, flags) => {
  const { html, csv, names = false, overlapAbove, failOn = [], leads, online = false } = flags;
  if (names && html === undefined) context.output.warn(say("flag_without_other", { flag: "--names", other: "--html" }));
  const needs: ConfigPart[] = online ? ["client", "source", "map"] : ["source", "map"];
  const find = inWorkspace(
    needs,
    async (workspace, context) => {
      const { config } = workspace;
      const { users: read, leftOut } = await readUsers(workspace, context);
      // A record that is not valid is not sent to Oplead. It is left out here, because a user with a rule that cannot
      // be read would seem eligible everywhere.
      const users = uniqueUsers(read.filter(({ isValid }) => isValid));
      const { locate, countries } = await geography(workspace, context, users, online);
      const { universe, assumptions: assumed, receives, labels = {}, company } = settingsOf(config);
      const evaluation = { locate, assumptions: assumed, receives };
      const places = { universe: { ...universe, countries }, ...evaluation };
      const { signal } = context.interrupts;
      const result = await coverage(users, { ...places, overlapAbove, signal });
      const suggestions = await suggestionsFor(result, flags, signal);
      const judged = await judgeUsers(config, users, { ...places, labels }, signal);
      const checked =
        leads === undefined
          ? undefined
          : await checkLeadFile(leads, users, { countries, ...evaluation, signal }, context);
      if (html !== undefined) {
        const shown = { language: languageName(), names, labels, company };
        const report = await coverageReport(result, { ...shown, suggestions, signal });
        withReport(html, () => writePrivateFile(html, report));
      }
      const { assumptions, findings, notCounted } = result;
      const labelled = labelFindings(findings, labels);
      if (csv !== undefined) withReport(csv, () => writePrivateFile(csv, findingsCsv(labelled)));
      const failing = findings.filter(({ kind, certain }) => certain && failOn.includes(kind)).length;
      const json = {
        users: users.length,
        leftOut,
        failing,
        assumptions,
        notCounted,
        suggestions,
        findings,
        policies: judged,
        leads: checked && leadCheckJson(checked),
      };
      const found = { users: users.length, findings: findings.length };
      context.output.result(
        [
          ...notCounted.map(messageOf),
          say("coverage_counts", found),
          ...(flags.suggest === 0 ? [] : suggestionLines(suggestions, result)),
          ...findingLines({ assumptions, findings: labelled }),
          ...leftOutLines(leftOut),
          ...policyLines(judged),
          ...(checked ? leadCheckLines(checked) : []),
        ].join("\n"),
        json,
      );
      for (const file of [html, csv]) if (file !== undefined) context.output.note(say("written", { file }));
      if (judged && judged.broken > 0) return EXIT.guard;
      return failing > 0 ? EXIT.error : EXIT.success;
    },
    { usesLedger: false },
  );
  return find(context, args, flags);
};

/** The suggested changes, which close gaps. */
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
    return ["", say("suggestions", { count: lines.length }), ...lines];
  }
  return findings.some(({ kind }) => kind === "gap") ? ["", say("no_suggestion")] : [];
}

/** The maximum number of findings of one kind in a text; `--json` and the HTML report have all. */
const SHOWN = 10;

function findingLines({ findings, assumptions }: Pick<CoverageResult, "findings" | "assumptions">): string[] {
  const lines: string[] = [];
  for (const kind of KINDS) {
    const found = findings.filter((finding) => finding.kind === kind);
    if (found.length === 0) continue;
    const messages = found.map((one) => [
      `  ${one.certain ? "" : say("perhaps_label")}${messageOf(one)}`,
      ...one.nearest.map((user) => `      ${messageOf(user)}`),
    ]);
    lines.push(
      "",
      `${say(kind)} (${found.length})`,
      ...firstLines(
        messages.map((one) => one.join("\n")),
        SHOWN,
      ),
    );
  }
  return [...lines, "", say("assumptions", { names: assumptions.join(", ") })];
}

function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  if (leftOut.length === 0) return [];
  const messages = leftOut.map(({ row, accountNumber = say("no_account_number"), issues }) => {
    const why = issues.map((issue) => `${issue.path} ${issueText(issue as OpleadIssue)}`.trimStart());
    const where = row === undefined ? "" : ` (${say("row", { row: String(row) })})`;
    return `  ${accountNumber}${where}  ${why.join(say("separator")) || say("map_failed")}`;
  });
  const heading = say("left_out", { count: leftOut.length });
  return ["", heading, ...firstLines(messages, SHOWN)];
}

const COLUMNS = ["kind", "certain", "finding", "inhabitants", "accountNumbers", "zipCodes"] as const;

/**
 * Findings for a spreadsheet, one row each. In English, the columns have the same names as in the JSON. In French, the
 * file has the form that Excel on a French Windows reads, with semicolons and a byte order mark.
 */
export function findingsCsv(findings: readonly CoverageFinding[]): string {
  const isEnglish = languageName() === "en";
  const rows = findings.map((finding) => {
    const { kind, certain, inhabitants, accountNumbers, zipCodes } = finding;
    const cells = [say(kind), say(certain ? "true" : "false"), messageOf(finding), inhabitants ?? ""];
    return [...cells, accountNumbers.join(" "), zipCodes.join(" ")];
  });
  const lines = [COLUMNS.map((name) => say(name)), ...rows].map(
    (row) => `${csvLine(row.map(safeCell), isEnglish ? "," : ";")}\r\n`,
  );
  return (isEnglish ? "" : "\uFEFF") + lines.join("");
}
