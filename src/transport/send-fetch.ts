import type { Send, WireAnswer, WireRequest } from "./wire.ts";

/** The part of `fetch` that is used, so that any implementation fits. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/** Sends through a `fetch`, which is looked up at each call: a mock set up after the client still intercepts. */
export function sendWithFetch(lookup: () => FetchLike): Send {
  return (request) => {
    const controller = new AbortController();
    return {
      answer: exchange(lookup(), request, controller.signal),
      cancel: () => controller.abort(),
    };
  };
}

async function exchange(fetch: FetchLike, request: WireRequest, signal: AbortSignal): Promise<WireAnswer> {
  const { method, headers, body } = request;
  const init: RequestInit = { method, headers, signal, redirect: "manual" };
  if (body !== undefined) init.body = body;
  const response = await fetch(request.url, init);
  const { status, headers: answered } = response;
  return request.binary
    ? { status, headers: answered, text: "", bytes: new Uint8Array(await response.arrayBuffer()) }
    : { status, headers: answered, text: await response.text() };
}

export const defaultSend: Send = sendWithFetch(() => globalThis.fetch);
