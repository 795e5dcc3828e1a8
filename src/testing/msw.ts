/*
 * The entry point `oplead-sdk/msw`: the only file of the test kit that needs msw, an optional peer dependency. It uses
 * only what msw 2 and 3 have in common, and only the core of msw, which Node (setupServer) and browsers (setupWorker)
 * share.
 */
import { type HttpHandler, HttpResponse, http } from "msw";
import { absent, errorBody, route } from "./api.ts";
import { requireFields } from "./arguments.ts";
import type { FakeOplead } from "./types.ts";

/** Options of {@link opleadHandlers}. */
export interface OpleadHandlersOptions {
  /**
   * The `baseUrl` of `createOplead`. Default: the environment variable `OPLEAD_BASE_URL`, or else
   * `https://api.oplead.com`.
   */
  readonly baseUrl?: string | undefined;
}

/**
 * Makes handlers for msw that answer with the fake: for `setupServer` and `setupWorker`, also if the client was made
 * before the server listened. Your own handlers win if they stand before the handlers of this function, or come with
 * `server.use()`.
 *
 * The handlers keep requests from reaching the real Oplead by accident. A request for which the fake has no operation,
 * or that goes to another host of oplead.com, is answered 400 and reported with `console.error`, which says what to do.
 *
 * ```ts
 * const fake = createFakeOplead({ token: "t" });
 * const server = setupServer(...opleadHandlers(fake));
 * ```
 *
 * @throws TypeError without a fake, and if the base URL is not a URL.
 * @experimental
 */
export function opleadHandlers(fake: FakeOplead, options: OpleadHandlersOptions = {}): HttpHandler[] {
  requireFields("fake", fake, { fetch: "a function" }, "fetch");
  requireFields("options", options, { baseUrl: "a text" });
  const configured = options.baseUrl ?? globalThis.process?.env?.OPLEAD_BASE_URL;
  const { origin, pathname } = new URL(configured || "https://api.oplead.com");
  const base = origin + pathname.replace(/\/+$/, "");

  return [
    http.all(startingWith(`${base}/`), async ({ request }) => {
      const { method, url, headers, signal } = request;
      const target = url.slice(base.length);
      const [path = ""] = target.split("?");
      // The fake looks at the path only, so the base URL's own path is cut off. Unknown requests are passed to the fake
      // too, so that the fake's log has them.
      const answer = fake.fetch(origin + target, { method, headers, signal, body: await request.text() });
      if (!route(method, path)?.operation) {
        const advice = `${absent(method, path)} Put a handler of your own for it before those of opleadHandlers().`;
        const refusal = refuse(advice);
        await answer.catch(() => {});
        return refusal;
      }
      // For a broken connection `fake.fetch` rejects; `HttpResponse.error()` breaks the connection in msw.
      return answer.catch(() => HttpResponse.error());
    }),
    http.all(/^https?:\/\/([^/]+\.)?oplead\.com(:\d+)?\//, ({ request: { method, url } }) => {
      const { origin: called } = new URL(url);
      return refuse(
        `${method} ${called} was not sent: the handlers are for ${base}. Is baseUrl the same in both places?`,
      );
    }),
  ];
}

function refuse(advice: string) {
  const message = `oplead-sdk/msw: ${advice}`;
  // The message is also printed, because the code under test may not show the answer. msw does so too with
  // onUnhandledRequest: "error".
  console.error(message);
  return HttpResponse.json(errorBody(400, message), { status: 400 });
}

const startingWith = (text: string) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
