/** What became of something the committed document says, now that there is another one. */
export type Verdict =
  | "confirmed" // the other document says the same
  | "refuted" // it says something else
  | "open" // it says nothing of it, as documents rarely list every failure
  | "new"; // only the other document says it

export interface Finding {
  readonly verdict: Verdict;
  /** Of what the committed document says: `assumed`, `documented`, or nothing in a document that was pulled. */
  readonly provenance: string | undefined;
  readonly what: string;
  readonly name: string;
  /** What it is now, for what is refuted; undefined when it is gone. */
  readonly now: string | undefined;
  /** Where: `PUT /v1/users/{id}`. Empty for the document as a whole. */
  readonly operations: string[];
}

/** Collects findings, and joins those that say the same of several operations. */
export class Findings {
  readonly #byKey = new Map<string, Finding>();

  get all(): readonly Finding[] {
    return [...this.#byKey.values()];
  }

  add(finding: Omit<Finding, "operations">, operation: string): void {
    const { verdict, provenance, what, name, now } = finding;
    const key = JSON.stringify([verdict, provenance, what, name, now]);
    const known = this.#byKey.get(key) ?? { ...finding, operations: [] };
    this.#byKey.set(key, known);
    if (operation !== "" && !known.operations.includes(operation)) known.operations.push(operation);
  }
}
