/*
 * The raw client's types: those of an OpenAPI document's `paths`, as openapi-typescript writes them, so that the types of
 * your own platform's document fit as well.
 */

import type { paths } from "../contract/contract.ts";

/** The HTTP methods of an OpenAPI document, as its `paths` name them. */
export type RawMethod = "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace";

/** How the body of an answer is read. */
export type RawParseAs = "json" | "text" | "blob" | "arrayBuffer" | "stream";

/** The paths of a document that have an operation with this method. */
export type RawPath<Paths, Method extends RawMethod> = {
  [Path in keyof Paths]: Paths[Path] extends { readonly [_ in Method]: object } ? Path : never;
}[keyof Paths] &
  string;

/** An operation of a document, by path and method. */
export type RawOperation<Paths, Path extends keyof Paths, Method extends RawMethod> = Paths[Path] extends {
  readonly [_ in Method]: infer Operation;
}
  ? Operation
  : never;

/** The parameters and the body of an operation, as its document has them. */
export type RawInput<Operation> = (Operation extends { parameters: infer Parameters }
  ? Record<never, never> extends Parameters
    ? { readonly params?: Parameters | undefined }
    : { readonly params: Parameters }
  : { readonly params?: { readonly query?: Readonly<Record<string, unknown>> } | undefined }) &
  (Operation extends { requestBody: { content: infer Content } }
    ? { readonly body: Content[keyof Content] }
    : Operation extends { requestBody?: { content: infer Content } }
      ? { readonly body?: Content[keyof Content] | undefined }
      : { readonly body?: undefined });

/** The options of a raw call that no document has. */
export interface RawOptions<ParseAs extends RawParseAs = RawParseAs> {
  /** How a successful answer is read. Default `"json"`. */
  readonly parseAs?: ParseAs | undefined;
  /** Further headers. Those that the package sets itself cannot be replaced. */
  readonly headers?: Readonly<Record<string, string | number | boolean | null | undefined>> | undefined;
  /** Ends the call at once, also while it waits. */
  readonly signal?: AbortSignal | null | undefined;
  /** How query parameters are written: a function, or the styles of OpenAPI. Default: lists as `a=1&a=2`, objects as `a[b]=1`. */
  readonly querySerializer?:
    | ((query: Readonly<Record<string, unknown>>) => string)
    | {
        readonly array?: { readonly style: "form" | "spaceDelimited" | "pipeDelimited"; readonly explode: boolean };
        readonly object?: { readonly style: "form" | "deepObject"; readonly explode: boolean };
        readonly allowReserved?: boolean;
      }
    | undefined;
  /** How the body is written, for example as `FormData`. Default: as JSON. */
  readonly bodySerializer?: ((body: never) => unknown) | undefined;
}

/** The second argument of a raw call. It may be left out if the operation needs neither parameters nor a body. */
export type RawArguments<Operation, ParseAs extends RawParseAs> =
  Record<never, never> extends RawInput<Operation>
    ? [init?: RawInput<Operation> & RawOptions<ParseAs>]
    : [init: RawInput<Operation> & RawOptions<ParseAs>];

/** The statuses of a success, as documents write them. */
export type RawSuccess = 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | "2XX";

/** The answers of an operation, by status. */
export type RawAnswers<Operation> = Operation extends { responses: infer Answers } ? Answers : unknown;

/** The body of one of these answers; unknown if there are none. */
export type RawBody<Answer> = [Answer] extends [never]
  ? unknown
  : Answer extends { content: infer Content }
    ? Content[keyof Content]
    : undefined;

/** The body of an operation's successful answer; unknown if the document describes none. */
export type RawData<Operation, ParseAs extends RawParseAs = "json"> = {
  json: RawBody<RawAnswers<Operation>[keyof RawAnswers<Operation> & RawSuccess]>;
  text: string;
  blob: Blob;
  arrayBuffer: ArrayBuffer;
  stream: ReadableStream<Uint8Array> | null;
}[ParseAs];

/** The body of an operation's other answers; unknown if the document describes none. */
export type RawError<Operation> = RawBody<RawAnswers<Operation>[Exclude<keyof RawAnswers<Operation>, RawSuccess>]>;

/** The answer of Oplead: `data` for a success, else `error`. */
export type RawResult<Operation, ParseAs extends RawParseAs = "json"> =
  | { readonly data: RawData<Operation, ParseAs>; readonly error?: undefined; readonly response: Response }
  | { readonly data?: undefined; readonly error: RawError<Operation>; readonly response: Response };

/** A call of the raw client: a path of the document and, where the operation needs them, parameters and body. */
export type RawCall<Paths, Method extends RawMethod> = <
  Path extends RawPath<Paths, Method>,
  ParseAs extends RawParseAs = "json",
>(
  path: Path,
  ...init: RawArguments<RawOperation<Paths, Path & keyof Paths, Method>, ParseAs>
) => Promise<RawResult<RawOperation<Paths, Path & keyof Paths, Method>, ParseAs>>;

/** Every operation of a document, typed by its `paths`: see {@link rawClient}. */
export interface RawClient<Paths extends object = paths> {
  readonly GET: RawCall<Paths, "get">;
  readonly PUT: RawCall<Paths, "put">;
  readonly POST: RawCall<Paths, "post">;
  readonly DELETE: RawCall<Paths, "delete">;
  readonly OPTIONS: RawCall<Paths, "options">;
  readonly HEAD: RawCall<Paths, "head">;
  readonly PATCH: RawCall<Paths, "patch">;
  readonly TRACE: RawCall<Paths, "trace">;
  /** The same, with the method as an argument. */
  request<Method extends RawMethod, Path extends RawPath<Paths, Method>, ParseAs extends RawParseAs = "json">(
    method: Method,
    path: Path,
    ...init: RawArguments<RawOperation<Paths, Path & keyof Paths, Method>, ParseAs>
  ): Promise<RawResult<RawOperation<Paths, Path & keyof Paths, Method>, ParseAs>>;
}
