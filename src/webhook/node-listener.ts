import { bodyOf } from "./log.ts";
import { utf8 } from "./signatures/hmac.ts";
import type { UserWebhook } from "./webhook.ts";

// The types are the used parts of node:http, so that this file compiles without Node's types.

// The part of `http.IncomingMessage` that is used. Express and some platforms add the last three properties.
interface NodeRequest extends AsyncIterable<unknown> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly readableEnded?: boolean;
  readonly readableDidRead?: boolean;
  destroy(): unknown;
  readonly originalUrl?: string;
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(chunk?: Uint8Array): unknown;
}

/**
 * A listener for node:http, Express, NestJS, or Fastify's raw request and reply. It needs the raw body: mount it before
 * any body parser; `express.raw()` and a platform's `rawBody` are fine. If a parser has read the body, the answer is
 * 500 and the log says what to change. Never rejects.
 *
 * @example
 * ```ts
 * createServer(toNodeListener(handler)).listen(3000);
 * app.post("/webhooks/employees", toNodeListener(handler)); // Express
 * ```
 */
export function toNodeListener(handler: UserWebhook): (
  request: AsyncIterable<unknown> & {
    readonly method?: string | undefined;
    readonly url?: string | undefined;
    readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
    destroy(): unknown;
  },
  response: { statusCode: number; setHeader(name: string, value: string): unknown; end(chunk?: Uint8Array): unknown },
) => Promise<void> {
  return async (incoming: NodeRequest, outgoing) => {
    const unread = openBody(incoming);
    const request = toRequest(incoming, unread);
    // Marks the body as used: the handler then answers 500 and logs the reason.
    if (unread === "consumed") await request?.text();
    const response = request
      ? await handler(request).catch(() => new Response(null, { status: 500 }))
      : new Response(null, { status: 400 });
    await send(response, outgoing);
    if (unread instanceof Incoming) await unread.finish();
  };
}

async function send(response: Response, outgoing: NodeResponse): Promise<void> {
  const body = await bodyOf(response);
  try {
    outgoing.statusCode = response.status;
    response.headers.forEach((value, name) => {
      outgoing.setHeader(name, value);
    });
    outgoing.end(body);
  } catch {
    // A middleware, such as a timeout, has answered meanwhile: its answer stands.
  }
}

function openBody(incoming: NodeRequest): Uint8Array<ArrayBuffer> | Incoming | "consumed" | "none" {
  if (incoming.method === "GET" || incoming.method === "HEAD") return "none";
  const { rawBody, body } = incoming;
  if (typeof rawBody === "string") return utf8(rawBody);
  for (const kept of [rawBody, body]) if (kept instanceof Uint8Array) return Uint8Array.from(kept);
  return incoming.readableEnded || incoming.readableDidRead ? "consumed" : new Incoming(incoming);
}

// What a sender may still send after an early answer, before the connection is closed.
const LINGER_BYTES = 65_536;
const LINGER_MS = 500;

// Reads with backpressure.
class Incoming {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #incoming: NodeRequest;
  readonly #chunks: AsyncIterator<unknown>;
  #next: Promise<IteratorResult<unknown>> | undefined;
  #ended = false;

  constructor(incoming: NodeRequest) {
    this.#incoming = incoming;
    this.#chunks = incoming[Symbol.asyncIterator]();
    // Otherwise Node would read and discard the whole body after the answer, however long it is.
    this.#next = this.#chunks.next();
    this.#next.catch(() => {});
    this.stream = new ReadableStream(
      {
        pull: async (controller) => {
          const chunk = await this.#read();
          if (chunk) controller.enqueue(chunk);
          else controller.close();
        },
      },
      { highWaterMark: 0 },
    );
  }

  async #read(): Promise<Uint8Array | undefined> {
    const { done, value } = await (this.#next ?? this.#chunks.next());
    this.#next = undefined;
    this.#ended = done === true;
    return done ? undefined : (value as Uint8Array);
  }

  // Reads a short rest, so that the connection can be reused. A long one closes it, later: closing at once would
  // discard the answer.
  async finish(): Promise<void> {
    if (this.#ended) return;
    const timer = setTimeout(() => this.#incoming.destroy(), LINGER_MS);
    try {
      for (let left = LINGER_BYTES; left > 0; ) {
        const chunk = await this.#read();
        if (!chunk) return clearTimeout(timer);
        left -= chunk.length;
      }
    } catch {
      clearTimeout(timer); // the sender has hung up
    }
  }
}

// Undefined if `Request` refuses the method, target or a header.
function toRequest(incoming: NodeRequest, body: ReturnType<typeof openBody>): Request | undefined {
  const { method = "GET", url = "/", originalUrl = url } = incoming;
  const init: RequestInit & { duplex?: "half" } = { method };
  if (body instanceof Incoming) Object.assign(init, { body: body.stream, duplex: "half" });
  else if (body !== "none") init.body = body;
  try {
    init.headers = toHeaders(incoming);
    // The Host header may be invalid, and the webhook does not use it.
    return new Request(new URL(originalUrl, "http://localhost"), init);
  } catch {
    return undefined;
  }
}

function toHeaders(incoming: NodeRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    // Headers refuses HTTP/2's pseudo-headers, such as ":path".
    if (value === undefined || name.startsWith(":")) continue;
    for (const each of typeof value === "string" ? [value] : value) headers.append(name, each);
  }
  return headers;
}
