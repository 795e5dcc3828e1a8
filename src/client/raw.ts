import createClient from "openapi-fetch";
import { OpleadError } from "../base/errors.ts";
import type { paths } from "../contract/contract.ts";
import { isMethodOverride, isReserved } from "../header-names.ts";
import { type Answer, errorOf, saysNoContent, start, unexpected } from "../transport/answer.ts";
import type { Call, Outgoing } from "../transport/call.ts";
import type { Transport } from "../transport/transport.ts";
import { checkUrl, fillPath } from "../transport/url.ts";
import type { Oplead } from "./api.ts";
import { internalsOf } from "./internals.ts";
import type { RawClient } from "./raw-types.ts";

export type { paths } from "../contract/contract.ts";

/** The options of a call that matter here, whatever its types. */
interface Init {
  readonly params?: { readonly path?: Record<string, unknown> };
  readonly parseAs?: string;
  readonly signal?: AbortSignal | null;
}

const PARSERS = new Set(["json", "text", "blob", "arrayBuffer", "stream"]);
const METHODS = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"] as const;

/**
 * Every endpoint of the schema, typed, through the client's transport: its token, test mode, rate limit, timeouts and
 * retries (a `POST` is not repeated when it may have arrived).
 *
 * It gives `{ data, response }` or `{ error, response }` for what Oplead answers. It throws {@link OpleadError} where there is
 * no answer, and where there would be neither data nor error: an empty failure, HTML, broken JSON.
 *
 * `Paths` are those of the package's document. For the operations of your own platform, let `npx oplead types` write them and
 * give them: `rawClient<paths>(oplead)`.
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
  // openapi-fetch types each call by its path; here the path is known at run time only, and `RawClient` has typed the call.
  const send = client.request as unknown as (method: string, path: string, init: object) => Promise<unknown>;

  // A single call could bring its own fetch, base URL or path serializer, and with them leave test mode or take the
  // token elsewhere. These options are ignored.
  const guarded = async (method: string, path: unknown, given: Init | undefined): Promise<unknown> => {
    const init = given ?? {};
    // A path written out, in place of a template, may hold an e-mail address, also percent-encoded.
    const shown = typeof path === "string" && !/[@\s%]/.test(path) ? path : "[path not shown]";
    const call = transport.begin(`${method} ${shown}`, { signal: init.signal ?? undefined });
    if (typeof path !== "string") throw refused(call, "the path must be text.");
    const parseAs = init.parseAs ?? "json";
    if (!PARSERS.has(parseAs)) throw refused(call, `parseAs must be one of ${[...PARSERS].join(", ")}.`);
    try {
      return await send(method, path, {
        ...init,
        params: { ...init.params, path: init.params?.path ?? {} },
        baseUrl: undefined,
        Request: undefined,
        // The transport listens to it; each Request would leave a listener of its own behind.
        signal: undefined,
        pathSerializer(template: string, values: Record<string, unknown>) {
          const url = fillPath(template, values);
          // Before Request takes the dots out.
          checkUrl(url, baseUrl);
          return url;
        },
        fetch: (request: Request) =>
          transport.observe(call, () => exchange(transport, request, call, shown, parseAs === "json")),
      });
    } catch (error) {
      // Request throws it for an impossible method, header or body.
      if (error instanceof TypeError && call.requests === 0) throw refused(call, "this is not a valid request.", error);
      throw error;
    }
  };
  const calls = METHODS.map((name) => [name, (path: string, init?: Init) => guarded(name, path, init)]);
  const request = async (method: unknown, path: string, init?: Init) =>
    guarded(typeof method === "string" ? method.toUpperCase() : "", path, init);
  // The methods pass every path on. Which paths there are, and what each needs, is in the type only, which no value can show.
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
    if (error && (!failed || isEmpty(answer) || answer.status > 599)) throw error;
    if (request.method === "GET" && isEmpty(answer) && answer.status === 200) {
      throw unexpected(answer, call, "the answer is empty");
    }
  }
  return responseOf(answer);
}

async function outgoing(transport: Transport, request: Request, binary: boolean): Promise<Outgoing> {
  checkUrl(request.url, transport.settings.baseUrl);
  // Request leaves "patch" as it is.
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
  // Read once and kept, so that a retry has it again.
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
    // The body is decoded already.
    if (!/^(?:content-encoding|content-length|transfer-encoding)$/i.test(name)) headers.append(name, value);
  });
  return new Response(saysNoContent(answer) ? null : (answer.bytes ?? answer.text), { status: answer.status, headers });
}
