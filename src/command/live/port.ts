import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CommandError } from "../exit.ts";
import { told } from "../say.ts";
import type { Metrics } from "./metrics.ts";
import type { Readiness } from "./readiness.ts";

export async function listen(
  listener: RequestListener,
  host: string,
  port: number,
): Promise<readonly [Server, number]> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(cannotListen(`${host}:${port}`, error)));
    server.listen(port, host, resolve);
  });
  return [server, (server.address() as AddressInfo).port];
}

export function cannotListen(address: string, { code }: NodeJS.ErrnoException): CommandError {
  return new CommandError("listen", told("cannot_listen", { address, code: String(code) }));
}

export async function close(server: Server, graceMs: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(timer);
}

type Answer = readonly [status: number, body: unknown, type?: string];

// Without `metrics` the port is the webhook's: strangers see only codes, and a result `false` leaves the path to the
// webhook.
export function probes(readiness: Readiness, metrics?: Metrics): (...given: Parameters<RequestListener>) => boolean {
  const answer = async (path: string): Promise<Answer> => {
    if (path === "/healthz") return [200, { status: readiness.isStopping ? "stopping" : "ok" }];
    if (path === "/readyz") return readyAnswer(readiness, metrics !== undefined);
    if (path !== "/metrics" || !metrics) return [404, { error: "There are /healthz, /readyz and /metrics." }];
    const [text, type] = await metrics.scrape();
    return [200, text, type];
  };
  return (request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!metrics && !(isRead && (path === "/healthz" || path === "/readyz"))) return false;
    const send = ([status, body, type = "application/json"]: Answer): void => {
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    answer(isRead ? path : "").then(send, () => send([500, { error: "It failed." }]));
    return true;
  };
}

async function readyAnswer({ isStopping, ask }: Readiness, isPrivate: boolean): Promise<Answer> {
  if (isStopping) return [503, { status: "stopping" }];
  const problems = Object.entries(await ask());
  const isReady = problems.every(([, problem]) => problem === undefined);
  const checks = problems.map(([name, problem]) => {
    const { code, message } = problem ?? {};
    return [name, problem ? { status: "failed", code, message: isPrivate ? message : undefined } : { status: "ok" }];
  });
  return [isReady ? 200 : 503, { status: isReady ? "ready" : "not_ready", checks: Object.fromEntries(checks) }];
}
