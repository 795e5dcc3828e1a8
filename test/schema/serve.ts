import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Route = string | ((response: ServerResponse, headers: NodeJS.Dict<string | string[]>) => void);

export interface Site {
  readonly origin: string;
  readonly asked: string[];
  close(): Promise<void>;
}

// Looks in `files` for other paths.
export async function serve(
  routes: Record<string, Route>,
  files: (path: string) => Promise<Buffer | undefined> = async () => undefined,
): Promise<Site> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    asked.push(path);
    const route = routes[path];
    if (typeof route === "function") return void route(response, request.headers);
    const body = route ?? (await files(path).catch(() => undefined));
    response.writeHead(body === undefined ? 404 : 200);
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
