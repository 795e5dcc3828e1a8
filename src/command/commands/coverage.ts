import { resolve } from "node:path";
import type { Command } from "commander";
import type { CountryDetails } from "oplead-sdk";
import { sourceOfFile } from "oplead-sdk/config";
import {
  type CoverageComparison,
  type CoverageFinding,
  type CoverageResult,
  type CoverageUser,
  compareCoverage,
  coverage,
  type NotCounted,
} from "oplead-sdk/coverage";
import type { ConfigPart } from "#parts";
import { csvLine, safeCell } from "../../core/page.ts";
import { CoverageWords } from "../../coverage/page/words.ts";
import type { Texts } from "../../locales/coded.ts";
import { COVERAGE_FINDINGS } from "../../locales/en/findings.ts";
import { NOT_COUNTED } from "../../locales/en/not-counted.ts";
import type { Action, Context } from "../command.ts";
import { CommandError, EXIT, withReport } from "../exit.ts";
import { geography, judgeUsers, leftOutLines, policyLines, readNetwork, SHOWN, settingsOf } from "../run/coverage.ts";
import { codeNames, languageName, messageOf, say, told } from "../say.ts";
import { writePrivateFile } from "../shell/files.ts";
import { firstLines } from "../shell/output.ts";
import { type ConfigFlags, configFlags, helpNote, WrongValue } from "../shell/program.ts";
import type { Names } from "../workspace/names.ts";
import { readUsers } from "../workspace/read-users.ts";
import { inWorkspace, type Workspace } from "../workspace/workspace.ts";

interface CoverageFlags extends ConfigFlags {
  readonly html?: string;
  readonly csv?: string;
  readonly names?: boolean;
  readonly failOn?: readonly CoverageFinding["kind"][];
  readonly online?: boolean;
  readonly allTerritories?: boolean;
  readonly without?: readonly string[];
  readonly with?: string;
}

type County = CountryDetails["counties"][number];

const KINDS: readonly CoverageFinding["kind"][] = ["gap", "thin"];

export function define(command: Command): Action {
  configFlags(command)
    .option("--html <file>", say("coverage_html"))
    .option("--csv <file>", say("coverage_csv"))
    .option("--names", say("coverage_names"))
    .option("--fail-on <kinds>", say("coverage_fail_on", { kinds: KINDS.join(", ") }), kinds)
    .option("--online", say("coverage_online"))
    .option("--all-territories", say("coverage_all_territories"))
    .option("--without <account...>", say("coverage_without"))
    .option("--with <file>", say("coverage_with"));
  helpNote(command, say("coverage_notes"));
  return findCoverage;
}

function kinds(text: string): CoverageFinding["kind"][] {
  return text.split(",").map((given) => {
    const known = KINDS.find((kind) => kind === given.trim());
    if (known) return known;
    throw new WrongValue(told("kinds_expected", { kinds: KINDS.join(", ") }));
  });
}

const findCoverage: Action<CoverageFlags> = (context, args, flags) => {
  const { html, csv, names = false, failOn = [], online = false, allTerritories = false } = flags;
  if (names && html === undefined) context.output.warn(say("flag_without_other", { flag: "--names", other: "--html" }));
  const needs: ConfigPart[] = online ? ["client", "source", "map"] : ["source", "map"];
  const find = inWorkspace(
    needs,
    async (workspace, context) => {
      const { config } = workspace;
      const { users: today, leftOut } = await readNetwork(workspace, context);
      const users = await changedUsers(today, workspace, context, flags);
      const { locate, countries: all } = await geography(workspace, context, users, online);
      const { universe, assumptions: assumed, receives, labels = {}, company } = settingsOf(config);
      const evaluation = { locate, assumptions: assumed, receives };
      const { signal } = context.interrupts;
      const coverageIn = (countries: readonly CountryDetails[]) => {
        const given = { universe: { ...universe, countries }, ...evaluation, signal };
        return Promise.all([coverage(users, given), ...(users === today ? [] : [coverage(today, given)])]);
      };
      const whole = await coverageIn(all);
      const unused = allTerritories ? [] : unusedTerritories(all, [...today, ...users], whole);
      const countries = withoutCounties(all, unused);
      const [result, before] = unused.length === 0 ? whole : await coverageIn(countries);
      const places = { universe: { ...universe, countries }, ...evaluation };
      const comparison = before && (await compareCoverage(before, result, { signal }));
      const judged = await judgeUsers(config, users, workspace.names.segments, { ...places, labels }, signal);
      if (html !== undefined) {
        const report = await result.render("html", { language: languageName(), names, labels, company });
        withReport(html, () => writePrivateFile(html, report));
      }
      const { assumptions, findings, notCounted } = result;
      const words = wordsWith(labels, workspace.names);
      const labelled = findings.map((finding) => words.named(finding));
      const uncounted = notCounted.map((one) => words.named(one));
      if (csv !== undefined) {
        withReport(csv, () => writePrivateFile(csv, findingsCsv(labelled, uncounted, workspace.names)));
      }
      const failing = findings.filter(({ kind }) => failOn.includes(kind)).length;
      const counted = users.filter((user) => !user.notCounted).length;
      const json = {
        users: counted,
        leftOut,
        failing,
        assumptions,
        notCounted,
        findings,
        comparison,
        policies: judged,
      };
      const found = { users: counted, findings: findings.length };
      context.output.result(
        [
          ...comparisonLines(comparison),
          ...uncounted.map((one) => messageOf(one)),
          say("coverage_counts", found),
          ...(unused.length === 0 ? [] : [say("territories_left_out", { names: unused.map(({ label }) => label) })]),
          ...findingLines({ assumptions, findings: labelled }),
          ...leftOutLines(leftOut, workspace.names),
          ...policyLines(judged),
        ].join("\n"),
        json,
      );
      for (const file of [html, csv]) if (file !== undefined) context.output.note(say("written", { file }));
      if (judged && judged.broken > 0) return EXIT.guard;
      return failing > 0 ? EXIT.error : EXIT.success;
    },
    { usesLedger: "notes" },
  );
  return find(context, args, flags);
};

// Overseas counties, which have numbers of three digits, in which no user is or gets a lead.
function unusedTerritories(
  countries: readonly CountryDetails[],
  users: readonly CoverageUser[],
  results: readonly CoverageResult[],
): County[] {
  const reached = results.flatMap(({ classes }) =>
    classes.flatMap((one) => (one.eligible.length > 0 ? one.zipCodes : [])),
  );
  const used = new Set([...reached, ...users.map(({ user }) => user.address?.zipCode ?? "")]);
  const territories = countries.flatMap(({ code, counties }) => (code === "FR" ? counties : [])).filter(isTerritory);
  return territories.filter(({ postCodeZips = [] }) => !postCodeZips.some((zip) => used.has(zip)));
}

function isTerritory({ number }: County): boolean {
  return /^\d{3}$/.test(number);
}

function withoutCounties(countries: readonly CountryDetails[], left: readonly County[]): CountryDetails[] {
  return countries.map((country) => ({ ...country, counties: country.counties.filter((one) => !left.includes(one)) }));
}

// Without the flags, returns `today` itself: the caller sees that nothing changed.
async function changedUsers(
  today: CoverageUser[],
  workspace: Workspace,
  context: Context,
  { without = [], with: file }: CoverageFlags,
): Promise<CoverageUser[]> {
  const users = new Map(today.map((user) => [user.user.accountNumber ?? "", user]));
  if (file !== undefined) {
    const source = sourceOfFile(resolve(file), workspace.config.source);
    const config = { ...workspace.config, source, rowOf: undefined };
    const { users: read, leftOut } = await readUsers({ ...workspace, config }, context);
    for (const { user, row, isValid } of read) if (isValid) users.set(user.user.accountNumber ?? "", { ...user, row });
    for (const line of leftOutLines(leftOut, workspace.names)) if (line !== "") context.output.warn(line);
  }
  const unknown = without.filter((user) => !users.delete(user));
  if (unknown.length > 0) throw new CommandError("not_found", told("not_in_source", { users: unknown }));
  return without.length > 0 || file !== undefined ? [...users.values()] : today;
}

function comparisonLines(comparison: CoverageComparison | undefined): string[] {
  if (!comparison) return [];
  const { summary } = comparison;
  if (summary.length === 0) return [say("coverage_no_change"), ""];
  return [say("coverage_would_change"), ...summary.map((one) => `  ${messageOf(one)}`), ""];
}

function wordsWith(labels: Readonly<Record<string, string>>, names: Names): CoverageWords<Texts> {
  const tables = [COVERAGE_FINDINGS, NOT_COUNTED];
  const shown = { labels: { ...codeNames(), ...labels }, users: Object.fromEntries(names.labels) };
  return new CoverageWords<Texts>("en", {}, tables, shown);
}

function findingLines({ findings, assumptions }: Pick<CoverageResult, "findings" | "assumptions">): string[] {
  const lines: string[] = [];
  for (const kind of KINDS) {
    const found = findings.filter((finding) => finding.kind === kind);
    if (found.length === 0) continue;
    const messages = found.map((one) => `  ${messageOf(one)}`);
    lines.push("", `${say(kind)} (${found.length})`, ...firstLines(messages, SHOWN));
  }
  return [...lines, "", say("assumptions", { names: assumptions.join(", ") })];
}

const COLUMNS = ["kind", "finding", "inhabitants", "accountNumbers", "zipCodes"] as const;

// The French file is as Excel on a French Windows reads it: semicolons and a byte order mark.
export function findingsCsv(
  findings: readonly CoverageFinding[],
  notCounted: readonly NotCounted[],
  names?: Pick<Names, "hasSegments" | "segments">,
): string {
  const isEnglish = languageName() === "en";
  const segments = names?.hasSegments ? names.segments : undefined;
  const header = [...COLUMNS.map((name) => say(name)), ...(segments ? [say("segment")] : [])];
  const rowOf = (cells: readonly (string | number)[], users: readonly string[], zipCodes: readonly string[]) => {
    const found = segments && new Set(users.flatMap((user) => segments.get(user) ?? []));
    return [...cells, users.join(" "), zipCodes.join(" "), ...(found ? [[...found].sort().join(", ")] : [])];
  };
  const rows = [
    ...findings.map((finding) => {
      const { kind, inhabitants = "", accountNumbers, zipCodes } = finding;
      return rowOf([say(kind), messageOf(finding), inhabitants], accountNumbers, zipCodes);
    }),
    ...notCounted.map((one) => rowOf([say("not_counted"), messageOf(one), ""], one.accountNumbers, [])),
  ];
  const lines = [header, ...rows].map((row) => `${csvLine(row.map(safeCell), isEnglish ? "," : ";")}\r\n`);
  return (isEnglish ? "" : "\uFEFF") + lines.join("");
}
