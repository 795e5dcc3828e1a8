import { runtimeName } from "../core/run-time.ts";
import type { FetchInit, FetchLike } from "./options.ts";
import { MAX_ANSWER_BYTES, readCapped } from "./read-capped.ts";
import type { Send, WireAnswer, WireRequest } from "./wire.ts";

// Requests in a row on one AbortController. On Node a new one adds a tenth to their cost; on edge workers it may belong
// to the incoming request that made it.
const USES = /* @__PURE__ */ usesOfOne();

function usesOfOne(): number {
  return runtimeName().startsWith("node/") ? 10 : 1;
}

// Looked up each time: a test may mock `fetch` after it has made the client.
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
  // Safe: every fetch takes bytes, though `FetchInit.body` is text.
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
