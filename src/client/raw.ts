import createClient from "openapi-fetch";
import type { paths } from "../contract/contract.ts";
import { OpleadError } from "../core/errors.ts";
import { type Answer, errorOf, requestIdOf, saysNoContent, start, unexpected } from "../transport/answer.ts";
import { type Call, checkUrl, fillPath, type Outgoing } from "../transport/call.ts";
import { isMethodOverride, isReserved } from "../transport/settings.ts";
import type { Transport } from "../transport/transport.ts";
import type { Oplead } from "./api.ts";
import { internalsOf } from "./client-state.ts";

// Types derive from the `paths` of openapi-typescript, so those of your own platform's document fit too.

/** Paths with an operation of this method. */
export type RawPath<Paths, Method extends string> = {
  [Path in keyof Paths]: Paths[Path] extends { readonly [_ in Method]: object } ? Path : never;
}[keyof Paths] &
  string;

/** Operation of the document that has this path and method. */
export type RawOperation<Paths, Path extends keyof Paths, Method extends string> = Paths[Path] extends {
  readonly [_ in Method]: infer Operation;
}
  ? Operation
  : never;

/** Parameters and body of an operation. */
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

/** Options of a raw call that do not come from the document. */
export interface RawOptions<ParseAs extends "json" | "text" | "blob" | "arrayBuffer" | "stream"> {
  /** How a success is read. Default `"json"`. */
  readonly parseAs?: ParseAs | undefined;
  /** Further headers. Those that the package sets cannot be replaced. */
  readonly headers?: Readonly<Record<string, string | number | boolean | null | undefined>> | undefined;
  /** Ends the call at once, also while it waits for its turn or a retry. */
  readonly signal?: AbortSignal | null | undefined;
  /** Writes query parameters: a function, or styles of OpenAPI. Default: lists as `a=1&a=2`, objects as `a[b]=1`. */
  readonly querySerializer?:
    | ((query: Readonly<Record<string, unknown>>) => string)
    | {
        readonly array?: { readonly style: "form" | "spaceDelimited" | "pipeDelimited"; readonly explode: boolean };
        readonly object?: { readonly style: "form" | "deepObject"; readonly explode: boolean };
        readonly allowReserved?: boolean;
      }
    | undefined;
  /** Writes the body, for example as `FormData`. Default: as JSON. */
  readonly bodySerializer?: ((body: never) => unknown) | undefined;
}

/** Body of a success (`true`) or an error of an operation; unknown if the document describes none. */
export type RawBody<Operation, IsSuccess extends boolean> = Operation extends { responses: infer Answers }
  ? {
      [Status in keyof Answers]: (
        Status extends 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | "2XX"
          ? true
          : false
      ) extends IsSuccess
        ? Answers[Status] extends { content: infer Content }
          ? Content[keyof Content]
          : undefined
        : never;
    }[keyof Answers] extends infer Body
    ? [Body] extends [never]
      ? unknown
      : Body
    : never
  : unknown;

/**
 * An answer. A success has `data`, undefined without a body. A status of 400 or more has `error`: the JSON, or else the
 * text, for example a proxy's page, or else a sentence; it is never empty.
 */
export type RawResult<Operation, ParseAs extends "json" | "text" | "blob" | "arrayBuffer" | "stream" = "json"> = (
  | {
      readonly data: {
        json: RawBody<Operation, true>;
        text: string;
        blob: Blob;
        arrayBuffer: ArrayBuffer;
        stream: ReadableStream<Uint8Array> | null;
      }[ParseAs];
      readonly error?: undefined;
    }
  | { readonly data?: undefined; readonly error: RawBody<Operation, false> | string }
) & {
  readonly response: Response;
  /** Request id of Oplead or of a proxy, for its support. Not every answer has one. */
  readonly requestId: string | undefined;
};

/** A call of the raw client: a path and, where the operation needs them, parameters and body. */
export type RawCall<Paths, Method extends string> = <
  Path extends RawPath<Paths, Method>,
  ParseAs extends "json" | "text" | "blob" | "arrayBuffer" | "stream" = "json",
>(
  path: Path,
  ...init: Record<never, never> extends RawInput<RawOperation<Paths, Path & keyof Paths, Method>>
    ? [init?: RawInput<RawOperation<Paths, Path & keyof Paths, Method>> & RawOptions<ParseAs>]
    : [init: RawInput<RawOperation<Paths, Path & keyof Paths, Method>> & RawOptions<ParseAs>]
) => Promise<RawResult<RawOperation<Paths, Path & keyof Paths, Method>, ParseAs>>;

/** Every operation of a document, typed by its `paths`: see {@link rawClient}. */
export interface RawClient<Paths extends object = paths> {
  readonly GET: RawCall<Paths, "get">;
  readonly PUT: RawCall<Paths, "put">;
  readonly POST: RawCall<Paths, "post">;
  readonly DELETE: RawCall<Paths, "delete">;
  /** @internal */
  readonly OPTIONS: RawCall<Paths, "options">;
  /** @internal */
  readonly HEAD: RawCall<Paths, "head">;
  readonly PATCH: RawCall<Paths, "patch">;
  /** @internal */
  readonly TRACE: RawCall<Paths, "trace">;
  /** @internal The method is the first argument. */
  request(method: string, path: string, init?: object): Promise<RawResult<unknown>>;
}

export type { paths } from "../contract/contract.ts";

interface Init {
  readonly params?: { readonly path?: Record<string, unknown> };
  readonly parseAs?: string;
  readonly signal?: AbortSignal | null;
}

// A result of openapi-fetch.
interface Answered {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

const PARSERS = new Set(["json", "text", "blob", "arrayBuffer", "stream"]);
const METHODS = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"] as const;

/**
 * Every endpoint of the schema, typed, through the client's transport: its token, test mode, rate limit, timeouts and
 * retries (a `POST` is not repeated when it may have arrived).
 *
 * A call resolves to `{ data, error, response, requestId }` for any status: see {@link RawResult}. It throws {@link
 * OpleadError} if no answer of the API came: no connection, a timeout, an abort, a redirect, HTML or broken JSON
 * instead of data, an empty answer to a `GET`; and `invalid_input` for a wrong call, of which nothing is sent.
 *
 * `Paths` are the package's own. For your platform's operations, `npx oplead-sdk types` writes them:
 * `rawClient<paths>(oplead)`.
 *
 * @example
 * ```ts
 * const raw = rawClient(oplead);
 * const { data, error } = await raw.GET("/v1/types/country/{code}", { params: { path: { code: "FR" } } });
 * ```
 * @experimental
 */
export function rawClient<Paths extends object = paths>(oplead: Oplead): RawClient<Paths> {
  const { transport } = internalsOf(oplead);
  const { baseUrl } = transport.settings;
  const client = createClient({ baseUrl });
  // Safe: `RawClient` has checked the caller's types; openapi-fetch derives them from a path known only at run time.
  const send = client.request as unknown as (method: string, path: string, init: object) => Promise<Answered>;

  // A call's `fetch`, `baseUrl` and `pathSerializer` are ignored: they could write in test mode, or leak the token.
  const guarded = async (method: string, path: unknown, given: Init | undefined): Promise<unknown> => {
    const init = given ?? {};
    // A path without a template may hold an e-mail address, perhaps percent-encoded.
    const shown = typeof path === "string" && !/[@\s%]/.test(path) ? path : "[path not shown]";
    const call = transport.begin(`${method} ${shown}`, { signal: init.signal ?? undefined });
    if (typeof path !== "string") throw refused(call, "the path must be text.");
    const parseAs = init.parseAs ?? "json";
    if (!PARSERS.has(parseAs)) throw refused(call, `parseAs must be one of ${[...PARSERS].join(", ")}.`);
    try {
      const { data, error, response } = await send(method, path, {
        ...init,
        params: { ...init.params, path: init.params?.path ?? {} },
        baseUrl: undefined,
        Request: undefined,
        // The signal is not passed on, because each Request would leave a listener on it.
        signal: undefined,
        pathSerializer(template: string, values: Record<string, unknown>) {
          const url = fillPath(template, values);
          // The URL is checked before `Request` resolves `.` and `..`.
          checkUrl(url, baseUrl);
          return url;
        },
        fetch: (request: Request) =>
          transport.observe(call, () => exchange(transport, request, call, shown, parseAs === "json")),
      });
      const requestId = requestIdOf(response.headers);
      if (response.ok) return { data, response, requestId };
      const nothing = error === undefined || error === "";
      return { error: nothing ? `The answer is empty, with status ${response.status}.` : error, response, requestId };
    } catch (error) {
      // `Request` throws a TypeError for an impossible method, header or body.
      if (error instanceof TypeError && call.requests === 0) throw refused(call, "this is not a valid request.", error);
      throw error;
    }
  };
  const calls = METHODS.map((name) => [name, (path: string, init?: Init) => guarded(name, path, init)]);
  const request = async (method: unknown, path: string, init?: Init) =>
    guarded(typeof method === "string" ? method.toUpperCase() : "", path, init);
  // Safe: at run time the methods accept any path; only the type limits them.
  return { ...Object.fromEntries(calls), request } as unknown as RawClient<Paths>;
}

function refused(call: Call, why: string, cause?: TypeError): OpleadError {
  const { operation, testMode } = call;
  return new OpleadError("invalid_input", `${start(call)} ${why} Nothing was sent.`, {
    operation,
    testMode,
    cause,
  });
}

async function exchange(
  transport: Transport,
  request: Request,
  call: Call,
  path: string,
  asJson: boolean,
): Promise<Response> {
  const answer = await transport.send({ ...(await outgoing(transport, request, !asJson)), path }, call);
  const failed = answer.status >= 400;
  const succeeded = answer.status >= 200 && answer.status < 300;
  if (asJson || !succeeded) {
    const error = errorOf(answer, call);
    if (error && (!failed || answer.status > 599)) throw error;
    if (request.method === "GET" && isEmpty(answer) && answer.status === 200) {
      throw unexpected(answer, call, "the answer is empty");
    }
  }
  return responseOf(answer);
}

async function outgoing(transport: Transport, request: Request, binary: boolean): Promise<Outgoing> {
  checkUrl(request.url, transport.settings.baseUrl);
  // `Request` writes the standard methods in capitals, except "patch".
  const method = request.method.toUpperCase();
  const headers: Record<string, string> = {};
  for (const [name, value] of request.headers) {
    if (isMethodOverride(name)) {
      const message = `the header ${name} would turn one method into another. Nothing was sent.`;
      throw new OpleadError("invalid_input", message);
    }
    if (!isReserved(name, transport.settings.auth)) headers[name] = value;
  }
  const contentType = request.headers.get("content-type") ?? undefined;
  const mayHaveBody = method !== "GET" && method !== "HEAD";
  // The body is read once and kept for retries.
  const bytes = mayHaveBody ? new Uint8Array(await request.arrayBuffer()) : undefined;
  const body = bytes !== undefined && (bytes.length > 0 || contentType !== undefined) ? bytes : undefined;
  return { method, url: request.url, headers, contentType, body, binary };
}

function isEmpty(answer: Answer): boolean {
  return answer.text === "" && (answer.bytes?.length ?? 0) === 0;
}

function responseOf(answer: Answer): Response {
  const headers = new Headers();
  answer.headers.forEach((value, name) => {
    // The body is decoded already, so these no longer fit.
    if (!/^(?:content-encoding|content-length|transfer-encoding)$/i.test(name)) headers.append(name, value);
  });
  return new Response(saysNoContent(answer) ? null : (answer.bytes ?? answer.text), { status: answer.status, headers });
}
