import type { Fact, FactName, PlatformFacts } from "../facts.ts";
import { FACTS, factNames } from "./assumed.ts";
import { readFacts } from "./read-facts.ts";

/** A fact that is not what it was. */
export interface FactChange {
  readonly fact: FactName;
  readonly before: unknown;
  readonly after: unknown;
  readonly verdict: Fact<unknown>["verdict"];
  /** Whether the package relies on what it was: with the old facts, or with its assumption, it would act wrongly. */
  readonly breaks: boolean;
}

/** The result of {@link compareFacts}. */
export interface FactComparison {
  readonly outcome: "same" | "compatible" | "broken";
  readonly changes: readonly FactChange[];
}

/**
 * The facts that changed on a platform between two probes. A fact that the second probe could not decide says nothing. The time of a
 * read lag is no change.
 *
 * @throws {@link OpleadError} `invalid_input` for anything but the content of a `platform-facts.json`.
 */
export function compareFacts(before: PlatformFacts, after: PlatformFacts): FactComparison {
  const [old, now] = [readFacts(before).facts, readFacts(after).facts];
  const changes = factNames.flatMap((fact): FactChange[] => {
    const [was, is] = [old[fact], now[fact]];
    const isSame = was.verdict !== "undecided" && textOf(was.value, is.value) === textOf(is.value, was.value);
    if (is.verdict === "undecided" || isSame || fact === "readLagMs") return [];
    const isNew = was.verdict === "undecided";
    // Where nothing was known, the package relies on its assumption.
    const { isSent, wanted } = FACTS[fact];
    const isLess = wanted !== undefined && is.value !== wanted;
    const breaks = (isSent || isLess) && (!isNew || is.verdict === "refuted");
    return [{ fact, before: was.value, after: is.value, verdict: is.verdict, breaks }];
  });
  const isBroken = changes.some(({ breaks }) => breaks);
  return { outcome: isBroken ? "broken" : changes.length > 0 ? "compatible" : "same", changes };
}

/** A value as text, of a record only what the other one has too: another user names other rules. */
function textOf(value: unknown, other: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const names = Object.keys(value).filter((name) => name in Object(other));
  return JSON.stringify(names.sort().map((name) => [name, (value as Record<string, unknown>)[name]]));
}
