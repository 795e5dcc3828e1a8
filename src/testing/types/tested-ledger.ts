/** The part of an entry that `ledgerContract` writes and reads. */
export interface TestedEntry {
  readonly revision?: number | undefined;
  readonly id?: string | undefined;
  readonly user?: string | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly rules: Readonly<Record<string, string | undefined>>;
  readonly version?: number | string | undefined;
  readonly at: number;
  readonly segment?: string | undefined;
  readonly missingSince?: number | undefined;
}

/** What `ledgerContract` needs of a ledger: any `Ledger` of `oplead-sdk/sync` has it. */
export interface TestedLedger {
  get(accountNumber: string): Promise<TestedEntry | undefined>;
  entries(): AsyncIterable<readonly [accountNumber: string, entry: TestedEntry]>;
  replace(accountNumber: string, expectedRevision: number, entry: TestedEntry): Promise<boolean>;
  replaceBoth?(one: TestedReplacement, other: TestedReplacement): Promise<boolean>;
  lease?(
    accountNumber: string,
    signal: AbortSignal,
  ): Promise<{ readonly left: () => number; readonly release: () => Promise<void> }>;
  getInfo(): Promise<object | undefined>;
  setInfo(facts: object): Promise<void>;
  readNote(name: "key" | "pause" | "approval"): Promise<string | undefined>;
  writeNote(
    name: "key" | "pause" | "approval",
    expected: string | undefined,
    value: string | undefined,
  ): Promise<boolean>;
  close(): Promise<void>;
}

/** A compare-and-set: the entry replaces the one of this revision, or nothing. */
export type TestedReplacement = readonly [accountNumber: string, expectedRevision: number, entry: TestedEntry];

/** A test of {@link ledgerContract}. */
export interface LedgerContractTest {
  /** A sentence that says what a ledger does. */
  readonly name: string;
  /** Rejects with an `Error` that says what the ledger did instead. */
  run(): Promise<void>;
}
