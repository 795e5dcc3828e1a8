import { isOpleadError, type OpleadIssue } from "oplead-sdk";
import {
  type Assumptions,
  type CheckLeadsOptions,
  type CoverageUser,
  checkLeads,
  defaultAssumptions,
  type LeadCheck,
  type ObservedLead,
} from "oplead-sdk/coverage";
import type { Context } from "../command.ts";
import { firstLines } from "../shell/output.ts";
import { languageName, messageOf, say } from "../texts/say.ts";
import type { Geography } from "./geography.ts";
import { type LeadOfRow, readLeadRows, tellLeftOut, tellPlaceless } from "./leads.ts";

/** The leads of a file compared with the rules of users, and the rows from which they come. */
export interface CheckedLeads {
  readonly title: string;
  readonly check: LeadCheck;
  /** Of the leads that were compared. */
  readonly rows: readonly LeadOfRow["row"][];
  readonly leftOut: readonly Pick<LeadOfRow, "row" | "issues">[];
}

/** Compares the leads of a file with the rules of users. Rows that hold no lead with its user are told, and left out. */
export async function checkLeadFile(
  file: string,
  users: readonly CoverageUser[],
  options: Omit<CheckLeadsOptions, keyof Geography> & Geography,
  context: Context,
): Promise<CheckedLeads> {
  const read = await readLeadRows(file, context);
  const given = read.rows.map((row) => (row.issues.length > 0 ? { ...row, lead: NO_LEAD } : row));
  const wrong = await checkLeads(leadsOf(given), [], options).then(
    () => new Map<number, OpleadIssue[]>(),
    issuesByLead,
  );
  const rows = read.rows.map((row, place) => ({ ...row, issues: [...row.issues, ...(wrong.get(place) ?? [])] }));
  tellLeftOut({ title: read.title, rows }, context);
  const kept = rows.filter(({ issues }) => issues.length === 0);
  tellPlaceless({ title: read.title, rows: kept }, options, context);
  return {
    title: read.title,
    check: await checkLeads(leadsOf(kept), users, options),
    rows: kept.map(({ row }) => row),
    leftOut: rows.filter(({ issues }) => issues.length > 0).map(({ row, issues }) => ({ row, issues })),
  };
}

/** In the place of a row that cannot be read, and of which only that is told. */
const NO_LEAD = { country: "FR", accountNumber: "-" };

const leadsOf = (rows: readonly LeadOfRow[]) => rows.map(({ lead }) => lead as ObservedLead);

/** The issues of {@link checkLeads}, by the place of their lead: `leads[3].zipCode`. */
function issuesByLead(error: unknown): Map<number, OpleadIssue[]> {
  if (!isOpleadError(error) || error.code !== "invalid_input") throw error;
  const byLead = new Map<number, OpleadIssue[]>();
  for (const issue of error.issues ?? []) {
    const [, place = "", path = ""] = /^leads\[(\d+)\]\.?(.*)$/.exec(issue.path) ?? [];
    byLead.set(Number(place), [...(byLead.get(Number(place)) ?? []), { ...issue, path }]);
  }
  return byLead;
}

/** For JSON: places are rows of the file. */
export function leadCheckJson({ check, rows, leftOut }: CheckedLeads): object {
  const unexplained = check.unexplained.map(({ places, ...user }) => ({
    ...user,
    rows: places.map((place) => rows[place]),
  }));
  return { ...check, unexplained, unknown: check.unknown.map(shownUser), leftOut };
}

/** A file may have names of people where account numbers are expected. */
const shownUser = (accountNumber: string): string => (/[\s@]/.test(accountNumber) ? "(hidden)" : accountNumber);

/** At most this many lines of a kind are in a text; `--json` has all. */
const SHOWN = 10;

export function leadCheckLines({ title, check }: CheckedLeads): string[] {
  const { leads, sets, unexplained, unknown } = check;
  const unknownUsers = unknown.map(shownUser);
  const heading = say("leads_read", { leads, file: title });
  return [
    "",
    heading,
    ...(leads === 0 ? [say("leads_none")] : setLines(check)),
    ...(unexplained.length === 0 ? [] : ["", say("leads_unexplained", { count: unexplained.length })]),
    ...firstLines(
      unexplained.map((user) => `  ${messageOf(user)}`),
      SHOWN,
    ),
    ...(unknown.length === 0 ? [] : ["", say("leads_unknown_users", { users: unknownUsers })]),
    ...(leads === 0 ? [] : adviceLines(sets)),
  ];
}

function setLines({ leads, sets }: LeadCheck): string[] {
  const lines = sets.map(({ assumptions, explained, undecided, sharing }, at) => {
    const counts = say("hypothesis_score", { explained, leads, undecided, sharing: decimal(sharing) });
    return `  ${at + 1}. ${shownSet(assumptions)}: ${counts}`;
  });
  return [say("hypotheses_title"), ...lines];
}

/** Numbers of a text are whole. */
function decimal(value: number): string {
  return languageName() === "fr" ? String(value).replace(".", ",") : String(value);
}

function shownSet(assumptions: Partial<Assumptions>): string {
  const [first] = Object.entries(assumptions);
  if (!first) return say("as_assumed");
  const [name, value] = first;
  if (!Array.isArray(value)) return `${name} ${value}`;
  const off = defaultAssumptions.enabledRules.filter((rule) => !value.includes(rule));
  return `${name} ${say("without_rules", { rules: off })}`;
}

/** The lines for the config, if another set is better than the one in use. They are never applied automatically. */
function adviceLines([best]: LeadCheck["sets"]): string[] {
  if (!best || Object.keys(best.assumptions).length === 0) return [];
  const set = JSON.stringify(best.assumptions, undefined, 2).replaceAll("\n", "\n  ");
  return ["", say("hypothesis_config"), "", `  coverage: { assumptions: ${set} },`];
}
