/* Compares the leads of a file with the rules of users, for `oplead explain`. */

import { resolve } from "node:path";
import { isOpleadError, type OpleadIssue } from "oplead-sdk";
import { csvSource, excelSource, jsonSource, type RecordSource } from "oplead-sdk/config";
import {
  type Assumptions,
  type CheckLeadsOptions,
  type CoverageUser,
  checkLeads,
  defaultAssumptions,
  type Lead,
  type LeadCheck,
  type ObservedLead,
} from "oplead-sdk/coverage";
import { LEAD_LABELS } from "../../locales/en/rules.ts";
import { LEAD_LABELS_FR } from "../../locales/fr/rules.ts";
import type { Context } from "../command.ts";
import { CommandError } from "../exit.ts";
import { issueText, languageName, messageOf, say, told } from "../say.ts";
import { firstLines } from "../shell/output.ts";
import { type Geography, isUnknownZip } from "./coverage.ts";

/** The maximum number of rows that a message names. */
const SHOWN = 10;

/** The lead of a row, before its check. `issues`: why the row cannot be read. */
interface LeadOfRow {
  readonly row: number | string;
  readonly lead: Lead & Partial<ObservedLead>;
  readonly issues: readonly OpleadIssue[];
}

interface LeadFile {
  readonly title: string;
  readonly rows: readonly LeadOfRow[];
}

/** The result of comparing the leads of a file with the rules of users, and the rows of these leads. */
interface CheckedLeads {
  readonly title: string;
  readonly check: LeadCheck;
  /** The rows of the leads that were compared. */
  readonly rows: readonly LeadOfRow["row"][];
  readonly leftOut: readonly Pick<LeadOfRow, "row" | "issues">[];
}

/** Compares the leads of a file with the rules of users. Rows without a valid lead and user are listed and left out. */
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

/** Stands in for a row that cannot be read, so that all rows can be checked in one call. Its result is not used. */
const NO_LEAD = { country: "FR", accountNumber: "-" };

const leadsOf = (rows: readonly LeadOfRow[]) => rows.map(({ lead }) => lead as ObservedLead);

/**
 * The issues of {@link checkLeads}, grouped by the index of their lead, which the path names:
 * `leads[3].zipCode`.
 */
function issuesByLead(error: unknown): Map<number, OpleadIssue[]> {
  if (!isOpleadError(error) || error.code !== "invalid_input") throw error;
  const byLead = new Map<number, OpleadIssue[]>();
  for (const issue of error.issues ?? []) {
    const [, place = "", path = ""] = /^leads\[(\d+)\]\.?(.*)$/.exec(issue.path) ?? [];
    byLead.set(Number(place), [...(byLead.get(Number(place)) ?? []), { ...issue, path }]);
  }
  return byLead;
}

/** The leads of a CSV, Excel or JSON file. Columns are recognised by their names, in French and English. */
async function readLeadRows(file: string, { output }: Context): Promise<LeadFile> {
  const path = resolve(file);
  const table = /\.xls[xm]$/i.test(path) ? excelSource : csvSource;
  const source = (/\.json$/i.test(path) ? jsonSource(path) : table(path)) as RecordSource<Record<string, unknown>>;
  const rows: LeadOfRow[] = [];
  const ignored = new Set<string>();
  for await (const record of source()) {
    const columns = columnsOf(record);
    for (const name of Object.keys(record)) if (!columns.some(([, column]) => column === name)) ignored.add(name);
    const row = source.rowOf(record) ?? rows.length + 1;
    try {
      const cells = columns.map(([field, column]) => [field, record[column]]);
      const given = Object.fromEntries(cells.filter(([, value]) => value !== "" && value !== null));
      rows.push({ row, lead: { country: "FR", ...given }, issues: [] });
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      rows.push({ row, lead: { country: "FR" }, issues: error.issues ?? [] });
    }
  }
  const { title } = source;
  const isPlaced = ({ zipCode, coordinates }: Lead): boolean => zipCode !== undefined || coordinates !== undefined;
  // A file is refused if none of its leads has a known place, because all rules about places would be undecided and the
  // result would look more certain than it is.
  if (rows.length > 0 && !rows.some(({ lead }) => isPlaced(lead)))
    throw new CommandError("no_places", told("leads_without_postcodes", { file: title }));
  if (ignored.size > 0) output.warn(say("leads_ignored_columns", { file: title, fields: [...ignored] }));
  return { title, rows };
}

/** Says which rows of a file are left out, and why. */
function tellLeftOut({ title, rows }: LeadFile, { output }: Context): void {
  const bad = rows.filter(({ issues }) => issues.length > 0);
  if (bad.length === 0) return;
  const why = bad.map(({ row, issues }) => {
    const problems = issues.map((one) => `${one.path} ${issueText(one)}`.trimStart());
    return `  ${say("row", { row: String(row) })}  ${problems.join(say("separator"))}`;
  });
  const heading = say("leads_left_out", { file: title, rows: bad.length });
  output.warn([heading, ...firstLines(why, SHOWN)].join("\n"));
}

/** Says which leads have no known place. */
function tellPlaceless({ title, rows }: LeadFile, places: Geography, { output }: Context): void {
  const placeless = rows.filter(({ lead: { country, zipCode, coordinates } }) => {
    return coordinates === undefined && (!zipCode || isUnknownZip(places, country, zipCode));
  });
  if (placeless.length === 0) return;
  output.warn(
    say("leads_unknown_places", {
      file: title,
      leads: placeless.length,
      rows: placeless.map(({ row }) => String(row)),
    }),
  );
}

/** The result as JSON. The index of each lead is replaced by its row in the file. */
export function leadCheckJson({ check, rows, leftOut }: CheckedLeads): object {
  const unexplained = check.unexplained.map(({ places, ...user }) => ({
    ...user,
    rows: places.map((place) => rows[place]),
  }));
  return { ...check, unexplained, unknown: check.unknown.map(shownUser), leftOut };
}

/** Returns an account number as it may be shown. It is hidden if it may be a name or an e-mail address. */
const shownUser = (accountNumber: string): string => (/[\s@]/.test(accountNumber) ? "(hidden)" : accountNumber);

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

/** Formats a number with a fraction. The locales' texts format only whole numbers. */
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

/**
 * Suggests lines for the config, if a set of assumptions is better than the set in use. The config itself is not
 * changed.
 */
function adviceLines([best]: LeadCheck["sets"]): string[] {
  if (!best || Object.keys(best.assumptions).length === 0) return [];
  const set = JSON.stringify(best.assumptions, undefined, 2).replaceAll("\n", "\n  ");
  return ["", say("hypothesis_config"), "", `  coverage: { assumptions: ${set} },`];
}

/** The fields of a lead that hold codes. */
export type LeadField = keyof typeof LEAD_LABELS;

export const leadFields = Object.keys(LEAD_LABELS) as readonly LeadField[]; // the keys of a record are names of its type

/**
 * Possible names of the column of each field, in French and English, without accents, spaces and signs. The first names
 * in a list are the most certain ones.
 */
const NAMES: Readonly<Record<Exclude<keyof ObservedLead, LeadField>, string>> = {
  country: "country|countrycode|pays|codepays",
  zipCode: "zipcode|zip|postcode|postalcode|cp|codepostal",
  coordinates: "coordinates",
  accountNumber:
    "accountnumber|numerodecompte|matricule|assignedaccountnumber|codevendeur|codedistributeur|codeconcession|assignedto|attribuea|affectea|userid|user|utilisateur|dealer|distributeur",
};

/** Further possible names of columns with codes. The labels of the fields are possible names as well. */
const CODE_NAMES: { readonly [Field in LeadField]?: string } = {
  range: "codegamme",
  requestType: "codetypedemande|typedemande",
  contactProfile: "codeprofilcontact|profilcontact",
  profileType: "typeprofil",
};

const plain = (name: string): string =>
  name
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");

function namesOf(field: LeadField): [field: string, ranks: readonly string[]] {
  const names = [field, `${field}code`, ...(CODE_NAMES[field]?.split("|") ?? [])];
  return [field, [...names, LEAD_LABELS[field](), LEAD_LABELS_FR[field]()].map(plain)];
}

/** Finds the column of each field. If several columns fit a field, the column with the most certain name is taken. */
function columnsOf(row: object): [field: string, column: string][] {
  return COLUMNS.flatMap(([field, ranks]) => {
    const rank = (column: string) => ranks.indexOf(plain(column));
    const [first] = Object.keys(row)
      .filter((column) => rank(column) >= 0)
      .sort((a, b) => rank(a) - rank(b));
    return first === undefined ? [] : [[field, first] as [string, string]];
  });
}

const COLUMNS: readonly (readonly [field: string, names: readonly string[]])[] = [
  ...Object.entries(NAMES).map(([field, names]) => [field, names.split("|")] as const),
  ...leadFields.map(namesOf),
];
