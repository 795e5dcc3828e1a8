/** A test of {@link ledgerContract} or {@link deliveryContract}. */
export interface ContractTest {
  /** What a store does, as a sentence. */
  readonly name: string;
  /** Rejects with an `Error` that says what the store did instead. */
  run(): Promise<void>;
}

export function byCharacters(a: string, b: string): number {
  return a < b ? -1 : 1;
}

export function expect(found: unknown, expected: unknown, what: string): void {
  const [is, should] = [inOrder(found), inOrder(expected)];
  if (is !== should) throw new Error(`${what}: expected ${short(should)}, and found ${short(is)}`);
}

function inOrder(value: unknown): string {
  const sort = (_: string, inner: unknown): unknown =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => byCharacters(a, b)))
      : inner;
  return JSON.stringify(value, sort) ?? "undefined";
}

function short(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
