// TLS by an authority of its own, client certificates, and a proxy that is the only way out.
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { authority } from "./certificate.ts";
import { listen } from "./servers.ts";

const HOST = "oplead.test";

export interface CompanyNetwork {
  // `https`: a certificate of the company's authority. `mutual`: also requires one of clients.
  readonly urls: { readonly https: string; readonly mutual: string; readonly behindProxy: string };
  readonly proxy: string;
  readonly ca: string;
  readonly client: { readonly key: string; readonly cert: string };
  readonly tunnels: string[];
  save(folder: string): Promise<void>;
  close(): Promise<void>;
}

export async function companyNetwork(port: number): Promise<CompanyNetwork> {
  const { cert: ca, issue } = authority();
  const client = issue("client");
  const sockets = new Set<Socket>();
  const kept = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on("error", () => {});
  };
  const joined = (one: Socket, other: Socket): void => {
    kept(one).pipe(kept(other)).pipe(one);
  };
  const secure = (options: TlsOptions) =>
    createTlsServer({ ...issue(HOST), ...options }, (socket) => joined(socket, connect(port, "127.0.0.1")));
  const https = secure({});
  const mutual = secure({ ca, requestCert: true, rejectUnauthorized: true });
  const httpsPort = await listen(https);
  const mutualPort = await listen(mutual);

  const tunnels: string[] = [];
  const proxy = createServer((_request, response) => response.writeHead(501).end());
  proxy.on("connect", ({ url = "" }, socket: Socket) => {
    tunnels.push(url);
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    joined(socket, connect(httpsPort, "127.0.0.1"));
  });
  const proxyPort = await listen(proxy);

  return {
    urls: {
      https: `https://127.0.0.1:${httpsPort}`,
      mutual: `https://127.0.0.1:${mutualPort}`,
      behindProxy: `https://${HOST}`,
    },
    proxy: `http://127.0.0.1:${proxyPort}`,
    ca,
    client,
    tunnels,
    async save(folder) {
      const files = { "company-ca.pem": ca, "client.pem": client.cert, "client-key.pem": client.key };
      await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([https, mutual, proxy].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
