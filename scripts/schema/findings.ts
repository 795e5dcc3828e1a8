/** A statement of another document about something in the committed one. */
export type Verdict =
  | "confirmed" // the other document says the same
  | "refuted" // it says something else
  | "open" // it does not mention it, as documents rarely list every failure
  | "new"; // only the other document says it

export interface Finding {
  readonly verdict: Verdict;
  /** The committed document's `x-provenance`: `assumed` or `documented`. Undefined in a document that was pulled. */
  readonly provenance: string | undefined;
  readonly what: string;
  readonly name: string;
  /** The other statement, if refuted; undefined if the document has nothing in its place. */
  readonly now: string | undefined;
  /** Where: `PUT /v1/users/{id}`. Empty for the document as a whole. */
  readonly operations: string[];
}

/** Collects findings, and joins those that are the same for several operations. */
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
