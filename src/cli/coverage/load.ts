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
  /** The maximum number of changes; true: the default of `suggest`. */
  readonly suggest?: number | true;
  readonly maxDistance?: number;
}

/** The results that `--load` and `--suggest` ask for. With a load and a limit of it, changes even out load. */
export async function loadAndSuggestions(
  result: CoverageResult,
  { load, maxLoad, minLoad, suggest: most, maxDistance }: LoadFlags,
  places: Geography,
  context: Context,
): Promise<{ readonly load: ExpectedLoad | undefined; readonly suggestions: Suggestion[] | undefined }> {
  const { signal } = context.interrupts;
  const demand =
    load === undefined
      ? undefined
      : /^[\d.,]+$/.test(load)
        ? { perInhabitant: Number(load.replace(",", ".")) }
        : { leads: (await leadsAt(load, places, context)) as LeadCount[] };
  const goals = demand && { maxLoad, minLoad };
  const limits = { changes: most === true ? undefined : most, maxDistance };
  return {
    load: demand && (await expectedLoad(result, { ...demand, ...goals, signal })),
    suggestions: most === undefined ? undefined : await suggest(result, { ...demand, goals, limits, signal }),
  };
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

export function suggestionLines(suggestions: readonly Suggestion[] | undefined, flags: LoadFlags): string[] {
  if (!suggestions) return [];
  const isForLoad = flags.load !== undefined && (flags.maxLoad ?? flags.minLoad) !== undefined;
  if (suggestions.length === 0)
    return [
      "",
      isForLoad
        ? say("No change of a rule within the limits evens out load.")
        : say("No change of a rule within the limits closes a gap."),
    ];
  const lines = suggestions.map((one, at) => `  ${at + 1}. ${messageOf(one)}`);
  return [
    "",
    say("Suggestions, each given those before it ({count})", { count: lines.length }),
    ...firstLines(lines, 20),
  ];
}
