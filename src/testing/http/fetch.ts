import type { Outcome } from "../api/answer.ts";
import type { Incoming } from "../exchange/arrival.ts";
import type { Handle } from "../exchange/exchange.ts";
import type { Waits } from "../exchange/waits.ts";

export function createFetch(handle: Handle, waits: Waits): typeof globalThis.fetch {
  return async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const signal = init?.signal ?? (isRequest(input) && init?.signal === undefined ? input.signal : undefined);
    signal?.throwIfAborted();
    const { round } = waits;
    const incoming = await read(input, init);
    signal?.throwIfAborted();
    const pending = round === waits.round ? handle(incoming, waits) : "reset";
    const outcome = pending instanceof Promise ? await unlessAborted(pending, signal) : pending;
    if (outcome === "reset") {
      // Node's fetch rejects with this when the peer resets the connection.
      const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
      throw new TypeError("fetch failed", { cause });
    }
    const { status, headers, body } = outcome;
    return new Response(body === "" ? null : body, { status, headers });
  };
}

const isRequest = (input: string | URL | Request): input is Request =>
  typeof input !== "string" && !(input instanceof URL);

async function read(input: string | URL | Request, init: RequestInit | undefined): Promise<Incoming> {
  const body = init?.body ?? "";
  // `new Request` costs more than the rest of the call, so only inputs that need it get one.
  if (!isRequest(input) && typeof body === "string") {
    return incoming(input, init?.method ?? "GET", new Headers(init?.headers), body);
  }
  const request = isRequest(input) && init === undefined ? input : new Request(input, init);
  return incoming(request.url, request.method, request.headers, await request.text());
}

function incoming(address: string | URL, method: string, headers: Headers, body: string): Incoming {
  const { pathname, search } = new URL(address);
  return { method: method.toUpperCase(), target: pathname + search, headers: Object.fromEntries(headers), body };
}

/** Aborting ends the wait, not the work: a real server does not notice it either. */
function unlessAborted(pending: Promise<Outcome>, signal: AbortSignal | null | undefined): Promise<Outcome> {
  if (!signal) return pending;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
