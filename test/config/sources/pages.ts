import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

interface Page {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly breaksOff?: boolean;
}

export async function pages(answers: Readonly<Record<string, Page | readonly Page[]>>) {
  const requests: { url: string; authorization: string | undefined; body: string }[] = [];
  const counts = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const url = request.url ?? "";
    let sent = "";
    for await (const chunk of request) sent += chunk;
    requests.push({ url, authorization: request.headers.authorization, body: sent });
    const list = [answers[url] ?? { status: 404 }].flat() as Page[];
    const count = counts.get(url) ?? 0;
    counts.set(url, count + 1);
    const { status = 200, headers = {}, body, breaksOff } = list[Math.min(count, list.length - 1)] ?? {};
    if (breaksOff) {
      response.writeHead(200, { "content-length": 1000 });
      response.write("[1", () => response.destroy());
      return;
    }
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
