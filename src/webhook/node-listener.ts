import { utf8 } from "./signatures/bytes.ts";
import type { UserWebhook } from "./webhook.ts";

/*
 * node:http's side, described by what is used of it: this file runs, and its types compile, where Node's own are not
 * there. A body parser that came first is the thing to look out for: the stream has ended then, and never ends again.
 */

/** The part of `http.IncomingMessage` that is used. Express and some platforms add the last three. */
export interface NodeRequest extends AsyncIterable<unknown> {
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

/** The part of `http.ServerResponse` that is used. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(chunk?: Uint8Array): unknown;
}

/** Handles one request of node:http. Never rejects. */
export type NodeListener = (request: NodeRequest, response: NodeResponse) => Promise<void>;

/**
 * Mounts a webhook on node:http, Express, or Fastify's raw request and reply. It needs the raw body, so it goes before
 * any body parser; `express.raw()`, and a `rawBody` that a platform keeps, are fine. Where a parser has eaten the body the
 * answer is 500 at once, and the log says what to change.
 *
 * @example
 * ```ts
 * createServer(toNodeListener(handler)).listen(3000);
 * app.post("/webhooks/employees", toNodeListener(handler)); // Express
 * ```
 */
export function toNodeListener(handler: UserWebhook): NodeListener {
  return async (incoming, outgoing) => {
    const unread = openBody(incoming);
    const request = toRequest(incoming, unread);
    // Read to its end here, so that the handler sees what has happened, and says so.
    if (unread === "eaten") await request?.text();
    const response = request
      ? await handler(request).catch(() => new Response(null, { status: 500 }))
      : new Response(null, { status: 400 });
    await send(response, outgoing);
    if (unread instanceof Incoming) await unread.finish();
  };
}

async function send(response: Response, outgoing: NodeResponse): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer());
  try {
    outgoing.statusCode = response.status;
    response.headers.forEach((value, name) => {
      outgoing.setHeader(name, value);
    });
    outgoing.end(body);
  } catch {
    // Something else has answered meanwhile, such as a middleware that limits the time: its answer stands.
  }
}

function openBody(incoming: NodeRequest): Uint8Array<ArrayBuffer> | Incoming | "eaten" | "none" {
  if (incoming.method === "GET" || incoming.method === "HEAD") return "none";
  const { rawBody, body } = incoming;
  if (typeof rawBody === "string") return utf8(rawBody);
  for (const kept of [rawBody, body]) if (kept instanceof Uint8Array) return Uint8Array.from(kept);
  return incoming.readableEnded || incoming.readableDidRead ? "eaten" : new Incoming(incoming);
}

/** How much a sender that was answered early may still send, and for how long, before the connection is cut. */
const LINGER_BYTES = 65_536;
const LINGER_MS = 500;

/** A body that arrives, read no faster than it is asked for. */
class Incoming {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #incoming: NodeRequest;
  readonly #chunks: AsyncIterator<unknown>;
  #next: Promise<IteratorResult<unknown>> | undefined;
  #ended = false;

  constructor(incoming: NodeRequest) {
    this.#incoming = incoming;
    this.#chunks = incoming[Symbol.asyncIterator]();
    // Asked for at once: Node drains a request that nobody has begun to read when the answer is out, however long it
    // is. One that was begun it leaves alone.
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

  /**
   * After the answer: a rest that is short is taken, so that the connection stays good for the next delivery; a longer one
   * is cut off. Not at once, because the system would throw the answer away with it.
   */
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

/** Undefined for what is no request to the Web, such as a method, a target or a header that it does not know. */
function toRequest(incoming: NodeRequest, body: ReturnType<typeof openBody>): Request | undefined {
  const { method = "GET", url = "/", originalUrl = url } = incoming;
  const init: RequestInit & { duplex?: "half" } = { method };
  if (body instanceof Incoming) Object.assign(init, { body: body.stream, duplex: "half" });
  else if (body !== "none") init.body = body;
  try {
    init.headers = toHeaders(incoming);
    // What the client calls the host may be none, and nothing here depends on it.
    return new Request(new URL(originalUrl, "http://localhost"), init);
  } catch {
    return undefined;
  }
}

function toHeaders(incoming: NodeRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    // HTTP/2 has pseudo-headers, such as ":path", which are no headers to the Web.
    if (value === undefined || name.startsWith(":")) continue;
    for (const each of typeof value === "string" ? [value] : value) headers.append(name, each);
  }
  return headers;
}
