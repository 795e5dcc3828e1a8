import { isOpleadError, type OpleadIssue } from "oplead-sdk";
import {
  type AssumptionFit,
  type CalibrateOptions,
  type Calibration,
  type CoverageUser,
  calibrate,
  defaultAssumptions,
  type ObservedLead,
} from "oplead-sdk/coverage";
import type { Context } from "../command.ts";
import { firstLines } from "../shell/output.ts";
import { counted, messageOf, phrase, say } from "../texts/say.ts";
import type { Geography } from "./geography.ts";
import { type LeadOfRow, readLeadRows, tellLeftOut, tellPlaceless } from "./leads.ts";

/** A calibration, and the rows from which its leads come. */
export interface Observed {
  readonly title: string;
  readonly calibration: Calibration;
  /** Of the leads that were compared. */
  readonly rows: readonly LeadOfRow["row"][];
  readonly leftOut: readonly Pick<LeadOfRow, "row" | "issues">[];
}

/** Compares the leads of a file with the rules of users. Rows that hold no lead with its user and its time are told, and left out. */
export async function observe(
  file: string,
  users: readonly CoverageUser[],
  options: CalibrateOptions & Pick<Geography, "locate">,
  context: Context,
): Promise<Observed> {
  const read = await readLeadRows(file, context);
  const given = read.rows.map((row) => (row.issues.length > 0 ? { ...row, lead: NO_LEAD } : row));
  const wrong = await calibrate(leadsOf(given), [], options).then(() => new Map<number, OpleadIssue[]>(), issuesByLead);
  const rows = read.rows.map((row, place) => ({ ...row, issues: [...row.issues, ...(wrong.get(place) ?? [])] }));
  tellLeftOut({ title: read.title, rows }, context);
  const kept = rows.filter(({ issues }) => issues.length === 0);
  tellPlaceless({ title: read.title, rows: kept }, { ...options.universe, ...options }, context);
  return {
    title: read.title,
    calibration: await calibrate(leadsOf(kept), users, options),
    rows: kept.map(({ row }) => row),
    leftOut: rows.filter(({ issues }) => issues.length > 0).map(({ row, issues }) => ({ row, issues })),
  };
}

/** In the place of a row that cannot be read, and of which only that is told. */
const NO_LEAD = { country: "FR", accountNumber: "-", at: "2000-01-01" };

const leadsOf = (rows: readonly LeadOfRow[]) => rows.map(({ lead }) => lead as ObservedLead);

/** The issues of {@link calibrate}, by the place of their lead: `observed[3].at`. */
function issuesByLead(error: unknown): Map<number, OpleadIssue[]> {
  if (!isOpleadError(error) || error.code !== "invalid_input") throw error;
  const byLead = new Map<number, OpleadIssue[]>();
  for (const issue of error.issues ?? []) {
    const [, place = "", path = ""] = /^observed\[(\d+)\]\.?(.*)$/.exec(issue.path) ?? [];
    byLead.set(Number(place), [...(byLead.get(Number(place)) ?? []), { ...issue, path }]);
  }
  return byLead;
}

/** For JSON: places are rows of the file. */
export function observedJson({ calibration, rows, leftOut }: Observed): object {
  const { unexplained, misdated, fits, refuted, unknown, ...rest } = calibration;
  const rowsOf = (places: readonly number[]) => places.map((place) => rows[place]);
  return {
    ...rest,
    fits: fits.map((fit) => ({ ...fit, against: rowsOf(fit.against) })),
    refuted: refuted.map(({ against: _, ...fit }) => fit),
    unexplained: rowsOf(unexplained),
    misdated: rowsOf(misdated),
    unknown: unknown.map(shownUser),
    leftOut,
  };
}

/** A file may have names of people where account numbers are expected. */
export const shownUser = (accountNumber: string): string => (/[\s@]/.test(accountNumber) ? "(hidden)" : accountNumber);

/** At most this many of each kind are in a text; `--json` has all. */
const SHOWN = 10;
const FITS_SHOWN = 3;
/** On fewer leads one set of assumptions may be left by accident. */
const ENOUGH = 100;
/** A set is told to be the best if every other is so much less likely: a power of ten. */
const FAR = 6;

export function observedLines({ title, calibration, rows }: Observed): string[] {
  const { observations, refuted, drift, unexplained, misdated, unknown } = calibration;
  // Every set fits no lead at all, which says nothing.
  const fits = observations === 0 ? [] : calibration.fits;
  const leads = counted(observations, "lead");
  const rowsOf = (places: readonly number[]) => ({
    leads: counted(places.length, "lead"),
    rows: firstRows(places.map((place) => String(rows[place]))),
  });
  const sets = { fitting: fits.length, all: fits.length + refuted.length };
  return [
    "",
    say("Observed leads: {leads} in {file}", { leads, file: title }),
    observations === 0
      ? say("  There is nothing to compare.")
      : say("  sets of assumptions that fit: {fitting} of {all}", sets),
    ...fits.slice(0, FITS_SHOWN).flatMap(fitLines),
    ...(fits.length > FITS_SHOWN ? [say("  and {more} more", { more: fits.length - FITS_SHOWN })] : []),
    ...settledLines(fits, refuted),
    ...(fits.length === 0 && observations > 0 ? [phrase(NO_FIT)] : []),
    ...(drift.length > 0
      ? ["", say("Rules that were probably edited in Oplead ({count})", { count: drift.length })]
      : []),
    ...firstLines(
      drift.map((one) => `  ${messageOf(one)}`),
      SHOWN,
    ),
    ...(unexplained.length > 0 ? ["", say("No user may get {leads}: rows {rows}", rowsOf(unexplained))] : []),
    ...(misdated.length > 0
      ? ["", say("{leads} dated in the future or before 2000: rows {rows}", rowsOf(misdated))]
      : []),
    ...(unknown.length > 0
      ? ["", say("Account numbers that no user has: {users}", { users: firstRows(unknown.map(shownUser)) })]
      : []),
    ...adviceLines(calibration),
  ];
}

const NO_FIT =
  "  No set fits: too many leads contradict each. Either most rules in Oplead differ from the source, or an assumption is true that was not tried.";

function firstRows(rows: readonly string[]): { readonly listed: readonly string[] } | string {
  const more = rows.length - SHOWN;
  return more > 0 ? `${rows.slice(0, SHOWN).join(", ")} ${say("and {more} more", { more })}` : { listed: rows };
}

function fitLines({ assumptions, predicted, undecided, unexpected, differs }: AssumptionFit, at: number): string[] {
  const counts = say("predicted {predicted}, undecided {undecided}, unexpected {unexpected}", {
    ...{ predicted, undecided, unexpected },
  });
  const apart = at === 0 ? "" : say("; {differs} set it apart from the first", { differs: counted(differs, "lead") });
  return [`  ${at + 1}. ${counts}${apart}`, ...valueLines(assumptions)];
}

const valueLines = (assumptions: object): string[] => [
  `     ${Object.entries(assumptions)
    .map(([name, value]) => `${name} ${shownValue(value)}`)
    .join(", ")}`,
];

function shownValue(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  const off = defaultAssumptions.enabledRules.filter((name) => !value.includes(name));
  return off.length === 0 ? say("(all)") : say("(without {rules})", { rules: { listed: off } });
}

/** The values that all fits share, where other values were tried: these the leads have settled. */
function settledLines(fits: readonly AssumptionFit[], refuted: readonly AssumptionFit[]): string[] {
  const valuesIn = (sets: readonly AssumptionFit[], name: string) => {
    return new Set(sets.map(({ assumptions }) => shownValue(assumptions[name as keyof typeof assumptions])));
  };
  const names = Object.keys(fits[0]?.assumptions ?? {});
  const tried = names.filter((name) => valuesIn([...fits, ...refuted], name).size > 1);
  const told = (some: readonly string[]) =>
    some.map((name) => `${name} ${[...valuesIn(fits, name)].join(" | ")}`).join(", ");
  const settled = tried.filter((name) => valuesIn(fits, name).size === 1);
  const open = tried.filter((name) => valuesIn(fits, name).size > 1);
  return [
    ...(settled.length > 0 ? [say("  settled by these leads: {values}", { values: told(settled) })] : []),
    ...(open.length > 0 ? [say("  still open: {values}", { values: told(open) })] : []),
  ];
}

/** The lines for the config, if the leads single out one set of assumptions. They are never applied automatically. */
function adviceLines({ observations, fits, refuted }: Calibration): string[] {
  const [first, second] = fits;
  if (!first || fits.length + refuted.length < 2 || (second?.lessLikely ?? FAR) < FAR) return [];
  const leads = counted(observations, "lead");
  if (observations < ENOUGH)
    return ["", say("One set stands out, on {leads} only: collect more before you rely on it.", { leads })];
  const set = JSON.stringify(first.assumptions, undefined, 2).replaceAll("\n", "\n  ");
  const why = second
    ? say("If eligible users share leads evenly, the first set explains {leads} far better than any other.", { leads })
    : say("Only one set fits, on {leads}.", { leads });
  return [
    "",
    why,
    say("If you agree, write it into oplead.config; nothing does that for you:"),
    "",
    `  coverage: { assumptions: ${set} },`,
  ];
}
