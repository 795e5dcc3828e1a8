import { runtimeName } from "../core/run-time.ts";
import type { FetchInit, FetchLike } from "./options.ts";
import { MAX_ANSWER_BYTES, readCapped } from "./read-capped.ts";
import type { Send, WireAnswer, WireRequest } from "./wire.ts";

/**
 * How many requests use the same AbortController one after the other. If a request is given up, its controller is not
 * used again. On Node a new controller adds a tenth to the cost of a request. On edge workers each request gets its own
 * controller, because a controller may belong to the incoming request in which it was made. Every fetch must accept a
 * signal that outlives a request: applications, too, use one signal for many requests.
 */
const USES = /* @__PURE__ */ usesOfOne();

function usesOfOne(): number {
  return runtimeName().startsWith("node/") ? 10 : 1;
}

/**
 * Sends requests with a `fetch`. The function is looked up for each request, so a test may replace `fetch` by a mock
 * after it has made the client.
 */
export function sendWithFetch(lookup: () => FetchLike): Send {
  const free: { readonly controller: AbortController; uses: number }[] = [];

  return (request) => {
    const mine = free.pop() ?? { controller: new AbortController(), uses: 0 };
    let isOver = false;
    const exchange = async (): Promise<WireAnswer> => {
      const answer = await exchanged(lookup(), request, mine.controller.signal);
      isOver = true;
      mine.uses += 1;
      if (mine.uses < USES && !mine.controller.signal.aborted) free.push(mine);
      return answer;
    };
    return {
      answer: exchange(),
      cancel: () => {
        if (!isOver) mine.controller.abort();
      },
    };
  };
}

async function exchanged(fetch: FetchLike, request: WireRequest, signal: AbortSignal): Promise<WireAnswer> {
  const { method, headers, body } = request;
  const common = { method, headers: { ...headers }, signal, redirect: "manual" as const };
  // The body may be bytes, although `FetchInit.body` is typed as text: its docstring says why.
  const init: FetchInit = body === undefined ? common : { ...common, body: body as string };
  const response = await fetch(request.url, init);
  const { status, headers: answered } = response;
  if (typeof answered?.get !== "function") throw new TypeError("the reply is not a Response");
  const bytes = await readCapped(response, MAX_ANSWER_BYTES);
  return request.binary
    ? { status, headers: answered, text: "", bytes }
    : { status, headers: answered, text: new TextDecoder().decode(bytes) };
}

export const defaultSend: Send = /* @__PURE__ */ sendWithFetch(() => globalThis.fetch);
