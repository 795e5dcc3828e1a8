import type { Place } from "./place.ts";
import type { RecordSource } from "./source.ts";
import type { TextEncoding } from "./tables/decode.ts";

/** Options of a source that hold as well for another file in its place. */
interface Likeness {
  readonly csv?: TableLikeness;
  readonly excel?: TableLikeness;
  readonly json?: {
    readonly items?: Place<readonly unknown[], unknown> | undefined;
    readonly encoding?: TextEncoding | undefined;
  };
  readonly joined?: {
    readonly main: unknown;
    /** The same join with another source in the place of the first. */
    with(main: RecordSource<unknown>): RecordSource<unknown>;
  };
}

interface TableLikeness {
  readonly columns?: readonly string[] | undefined;
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
