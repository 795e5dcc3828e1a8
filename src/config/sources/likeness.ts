import type { RecordSource } from "./source.ts";

/** What a source was made of that holds as well for another file in its place. */
export interface Likeness {
  /** The {@link FileKind} of what it reads, and its options. */
  readonly kind?: string;
  readonly options?: object;
  readonly joined?: {
    readonly main: unknown;
    /** The same join with another source in the place of the first. */
    with(main: RecordSource<unknown>): RecordSource<unknown>;
  };
}

/** Files that one source reads. */
export interface FileKind {
  readonly kind: string;
  /** Endings of their names, in small letters. */
  readonly endings: readonly string[];
  /** The records of a file in the place of a source, which is perhaps of another kind. */
  readonly read: (file: string, usual: Likeness) => RecordSource<unknown>;
}

/** By a symbol that every copy of the package has: the config may have been loaded with another one than the command. */
const LIKENESS = Symbol.for("oplead-sdk.config.likeness");

export function withLikeness<Source extends object>(source: Source, likeness: Likeness): Source {
  return Object.defineProperty(source, LIKENESS, { value: likeness });
}

/** Nothing for a source that was not made by this package. */
export function likenessOf(source: unknown): Likeness {
  return (typeof source === "function" && (source as { [LIKENESS]?: Likeness })[LIKENESS]) || {};
}
