// `oplead-sdk/msw`, the only file that needs msw: what msw 2 and 3, and Node and browsers, have in common.
import { type HttpHandler, HttpResponse, http } from "msw";
import { absent, errorBody, route } from "./api.ts";
import { requireFields } from "./arguments.ts";
import type { FakeOplead } from "./types.ts";

/**
 * Handlers for msw's `setupServer` and `setupWorker` that answer with the fake, also if the client was made before the
 * server listened. Handlers before them, or of `server.use()`, win.
 *
 * No request reaches the real Oplead: one that the fake does not know, or to another host of oplead.com, is answered
 * 400, and `console.error` says what to do.
 *
 * ```ts
 * const fake = createFakeOplead({ token: "t" });
 * const server = setupServer(...opleadHandlers(fake));
 * ```
 *
 * `baseUrl`: that of `createOplead`. Default: the environment variable `OPLEAD_BASE_URL`, or else
 * `https://api.oplead.com`.
 *
 * @throws TypeError without a fake, and if the base URL is not a URL.
 * @experimental
 */
export function opleadHandlers(fake: FakeOplead, baseUrl?: string): HttpHandler[] {
  requireFields("fake", fake, { fetch: "a function" }, "fetch");
  const configured = baseUrl ?? globalThis.process?.env?.OPLEAD_BASE_URL;
  const { origin, pathname } = new URL(configured || "https://api.oplead.com");
  const base = origin + pathname.replace(/\/+$/, "");

  return [
    http.all(startingWith(`${base}/`), async ({ request }) => {
      const { method, url, headers, signal } = request;
      const target = url.slice(base.length);
      const [path = ""] = target.split("?");
      // Without the base URL's own path. The fake's log has unknown requests too.
      const answer = fake.fetch(origin + target, { method, headers, signal, body: await request.text() });
      if (!route(method, path)?.operation) {
        const advice = `${absent(method, path)} Put a handler of your own for it before those of opleadHandlers().`;
        const refusal = refuse(advice);
        await answer.catch(() => {});
        return refusal;
      }
      // `fake.fetch` rejects for a broken connection; this breaks it in msw.
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
  // The code under test may not show the answer.
  console.error(message);
  return HttpResponse.json(errorBody(400, message), { status: 400 });
}

const startingWith = (text: string) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
