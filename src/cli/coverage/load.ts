import {
  type CoverageResult,
  type ExpectedLoad,
  expectedLoad,
  type LeadCount,
  type Suggestion,
  suggest,
} from "oplead-sdk/coverage";
import type { Context } from "../command.ts";
import { firstLines } from "../shell/output.ts";
import { counted, messageOf, say } from "../texts/say.ts";
import type { Geography } from "./geography.ts";
import { leadsAt } from "./leads.ts";
import { shownUser } from "./observed.ts";

export interface LoadFlags {
  /** A file of leads, or leads per inhabitant and month. */
  readonly load?: string;
  readonly maxLoad?: number;
  readonly minLoad?: number;
  /** At most so many changes; true: as many as the package suggests. */
  readonly suggest?: number | true;
  readonly maxDistance?: number;
}

/** The load that `--load` asks for. */
export async function loadOf(
  result: CoverageResult,
  { load, maxLoad, minLoad }: LoadFlags,
  places: Geography,
  context: Context,
): Promise<ExpectedLoad | undefined> {
  if (load === undefined) return undefined;
  const limits = { maxLoad, minLoad, signal: context.interrupts.signal };
  if (/^[\d.]+$/.test(load)) return expectedLoad(result, { perInhabitant: Number(load), ...limits });
  return expectedLoad(result, { leads: (await leadsAt(load, places, context)) as LeadCount[], ...limits });
}

/** The changes that `--suggest` asks for. */
export async function suggestionsOf(
  result: CoverageResult,
  { suggest: most, maxDistance }: LoadFlags,
  { interrupts: { signal } }: Context,
): Promise<Suggestion[] | undefined> {
  if (most === undefined) return undefined;
  return suggest(result, { limits: { changes: most === true ? undefined : most, maxDistance }, signal });
}

/** At most this many lines of a kind are in a text; `--json` has all. */
const SHOWN = 10;

export function loadLines(load: ExpectedLoad | undefined): string[] {
  if (!load) return [];
  const { leads, unreached, users, fairness, findings } = load;
  const ofUsers = users.map(
    ({ accountNumber, min, equal, max }) =>
      `  ${say("{user}: {equal} ({min} to {max})", { user: shownUser(accountNumber), equal, min, max })}`,
  );
  const found = findings.map((one) => `  ${one.certain ? "" : say("perhaps: ")}${messageOf(one)}`);
  return [
    "",
    say("Load: {leads} a month; no user can get {unreached} of them.", {
      leads: counted(Math.round(leads), "lead"),
      unreached: Math.round(unreached),
    }),
    messageOf(fairness),
    say("Leads a month if users share equally, and from none to all of the shared ones:"),
    ...firstLines(ofUsers, SHOWN),
    ...firstLines(found, SHOWN),
  ];
}

export function suggestionLines(suggestions: readonly Suggestion[] | undefined): string[] {
  if (!suggestions) return [];
  if (suggestions.length === 0) return ["", say("No change of a rule within the limits closes a gap.")];
  const lines = suggestions.map((one, at) => `  ${at + 1}. ${messageOf(one)}`);
  return [
    "",
    say("Suggestions, each given those before it ({count})", { count: lines.length }),
    ...firstLines(lines, 20),
  ];
}
