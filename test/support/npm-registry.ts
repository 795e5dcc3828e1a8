// Takes one package, and asks another registry for all others.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface NpmRegistry {
  readonly url: string;
  readonly published: readonly string[];
  packument(name: string): Packument | undefined;
  close(): Promise<void>;
}

interface Packument {
  readonly name: string;
  readonly versions: Record<string, { readonly dist: { readonly tarball: string } } & Record<string, unknown>>;
  readonly "dist-tags": Record<string, string>;
  // pnpm ignores a package without these times.
  readonly time?: Record<string, string>;
}

interface Publication extends Packument {
  readonly _attachments: Record<string, { readonly data: string }>;
}

export async function startNpmRegistry(upstream: string, token: string): Promise<NpmRegistry> {
  const packages = new Map<string, Packument>();
  const tarballs = new Map<string, Buffer>();
  const published: string[] = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname.slice(1));
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    try {
      const tarball = tarballs.get(path);
      const known = packages.get(path);
      if (request.method === "PUT") {
        if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { error: "no token" });
        const { _attachments, ...document } = JSON.parse(await bodyOf(request)) as Publication;
        for (const version of Object.keys(document.versions)) {
          if (known?.versions[version]) return answer(409, { error: "this version was published before" });
          published.push(`${document.name}@${version}`);
        }
        for (const [file, { data }] of Object.entries(_attachments))
          tarballs.set(`${document.name}/-/${file}`, Buffer.from(data, "base64"));
        packages.set(path, {
          ...document,
          versions: { ...known?.versions, ...document.versions },
          time: {
            ...known?.time,
            ...Object.fromEntries(Object.keys(document.versions).map((version) => [version, new Date().toISOString()])),
          },
          "dist-tags": { ...known?.["dist-tags"], ...document["dist-tags"] },
        });
        return answer(201, { ok: true });
      }
      if (tarball) return response.writeHead(200, { "content-type": "application/octet-stream" }).end(tarball);
      if (known) return answer(200, known);
      const { accept = "application/json" } = request.headers;
      const other = await fetch(new URL(request.url?.slice(1) ?? "", upstream), { headers: { accept } });
      const type = other.headers.get("content-type") ?? "application/json";
      return response.writeHead(other.status, { "content-type": type }).end(Buffer.from(await other.arrayBuffer()));
    } catch (error) {
      return answer(502, { error: String(error) });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    published,
    packument: (name) => packages.get(name),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
