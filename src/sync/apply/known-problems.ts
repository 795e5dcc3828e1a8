import { fnv1a } from "../../base/hash/fnv.ts";
import { recordHashOf } from "../plan/source/record-hash.ts";
import type { Findings } from "../types/records.ts";
import type { SyncFailure, SyncReport, SyncSkip } from "../types/report.ts";

/** Six letters and digits stand for a problem: beside 10,000 known ones, one new one in 200,000 is taken for known. */
const LENGTH = 6;

/** Maximum number of problems that a ledger keeps. A store may limit a value to 64 kB. */
const MOST = 10_000;

/** The problems of a run that concern one user or record each, and those of the run before. */
export class Problems {
  readonly #known: ReadonlySet<string>;
  readonly #failures: readonly SyncFailure[];
  readonly #skipped: readonly SyncSkip[];
  /** The users and records that the plan could not send. */
  readonly #unsent: readonly Problem[];

  /** `before`: what {@link toString} gave for the last run. */
  constructor(found: Found, before = "") {
    this.#known = new Set(before.match(/.{6}/g));
    this.#failures = found.failures;
    this.#skipped = found.skipped.filter(({ reason }) => reason === "parent");
    this.#unsent = [
      ...found.waiting.map((user): Problem => [keyOfSkip(user), "skipped"]),
      ...found.held.map((user): Problem => [keyOfStep(user), "held"]),
      ...found.duplicates.map(({ accountNumber }): Problem => [keyOf(accountNumber, "duplicate"), "duplicate"]),
      ...found.twins.map(({ accountNumber }): Problem => [keyOf(accountNumber, "twin"), "twin"]),
      ...found.invalid.map((record): Problem => {
        const codes = record.issues.map(({ path, code }) => `${path} ${code}`).sort();
        return [keyOf(record.accountNumber ?? recordHashOf(record), ...codes), "invalid"];
      }),
    ];
  }

  get counts(): Pick<SyncReport, "newProblems" | "knownProblems" | "problems"> {
    const all = { new: 0, known: 0 };
    const problems: Partial<Record<Problem[1], typeof all>> = {};
    for (const [key, kind] of this.#byKey()) {
      const age = this.#known.has(key) ? "known" : "new";
      problems[kind] ??= { new: 0, known: 0 };
      problems[kind][age] += 1;
      all[age] += 1;
    }
    return { newProblems: all.new, knownProblems: all.known, problems };
  }

  /** See {@link SyncReport.exitCode}. `hasArrived`: whether Oplead accepted something of a user. */
  exitCode(hasArrived: boolean, ignoreKnown = false): 0 | 1 | 4 | 5 {
    const counts = (key: string): boolean => !(ignoreKnown && this.#known.has(key));
    const failed = this.#failures.map((failure) => [keyOfStep(failure), failure.held] as const);
    const skipped = this.#skipped.map((skip) => [keyOfSkip(skip), true] as const);
    const missed = [...failed, ...skipped];
    // A refusal is a bad record, and not a broken night. A failure that is known may be an outage of two nights.
    if (!hasArrived && missed.some(([, isRefusal]) => !isRefusal)) return 1;
    if (missed.some(([key]) => counts(key))) return 4;
    return this.#unsent.some(([key]) => counts(key)) ? 5 : 0;
  }

  /** For the ledger. What is left out counts as new next time. */
  toString(): string {
    return [...this.#byKey().keys()].slice(0, MOST).join("");
  }

  #byKey(): Map<Problem[0], Problem[1]> {
    return new Map([
      ...this.#failures.map((failure): Problem => [keyOfStep(failure), "failed"]),
      ...this.#skipped.map((skip): Problem => [keyOfSkip(skip), "skipped"]),
      ...this.#unsent,
    ]);
  }
}

type Problem = readonly [key: string, kind: keyof SyncReport["problems"]];

interface Found extends Pick<Findings, "held" | "invalid" | "duplicates" | "twins"> {
  readonly failures: readonly SyncFailure[];
  /** Users that the run has left out, or not finished. */
  readonly skipped: readonly SyncSkip[];
  readonly waiting: readonly { readonly accountNumber: string }[];
}

/** Without the time and the attempt: a refusal is the same problem as the held step of the next night. */
function keyOfStep({ accountNumber, step, code }: Pick<SyncFailure, "accountNumber" | "step" | "code">): string {
  return keyOf(accountNumber, step, code);
}

function keyOfSkip({ accountNumber }: { readonly accountNumber: string }): string {
  return keyOf(accountNumber, "parent");
}

function keyOf(...parts: readonly string[]): string {
  return (fnv1a(parts.join("\n")) % 36 ** LENGTH).toString(36).padStart(LENGTH, "0");
}
