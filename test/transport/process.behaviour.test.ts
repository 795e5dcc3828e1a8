// What only a process of its own can show: its end, unhandled rejections, trusted certificates.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createSecureServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { selfSigned } from "../support/certificate.ts";
import { json, listen, serve } from "../support/servers.ts";
import { user } from "../support/users.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oplead-process-"));
  await build({
    stdin: { contents: 'export * from "./src/index.ts"; export * from "./src/raw.ts";', resolveDir: root },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: join(folder, "package.mjs"),
    plugins: [
      {
        name: "send",
        setup: ({ onResolve }) =>
          onResolve({ filter: /^#send$/ }, () => ({ path: join(root, "src/transport/send-node.ts") })),
      },
    ],
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ways = [
  ["node:http", "{}"],
  ["fetch", "{ fetch: (...args) => globalThis.fetch(...args) }"],
] as const;

async function run(url: string, way: string, script: string, env: Record<string, string> = {}) {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
  await writeFile(
    file,
    `import { createOplead, rawClient } from "./package.mjs";
     const user = ${JSON.stringify(user(1))};
     const connect = (options) => createOplead({ token: "a-token", baseUrl: ${JSON.stringify(url)}, ...${way}, ...options });
     const oplead = connect({});
     let done = 0;
     process.on("exit", () => console.log(JSON.stringify({ lingered: performance.now() - done })));
     ${script}
     done = performance.now();`,
  );
  const child = spawn(process.execPath, [file], { env: { PATH: process.env.PATH, ...env }, timeout: 10_000 });
  let output = "";
  let complaints = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (complaints += chunk));
  const status = await new Promise((resolve) => child.on("close", resolve));
  const lines = output.trim().split("\n");
  const { lingered } = JSON.parse(lines.pop() ?? "{}") as { lingered: number };
  return { status, lines, lingered, complaints };
}

describe.each(ways)("a process that sends through %s", (_name, way) => {
  it("a process ends at once after calls of every outcome, and leaves no rejection unhandled", async () => {
    const server = await serve((response, { url }) => {
      if (url.endsWith("/hang")) return;
      if (url.endsWith("/refuse")) json(response, 400, {});
      else if (url.endsWith("/limit")) json(response, 429, {}, { "retry-after": "3600" });
      else if (url.endsWith("/busy")) json(response, 503, {}, { "retry-after": "60" });
      else json(response);
    });
    server.server.keepAliveTimeout = 60_000;
    const script = `
      const end = (call) => call.then(({ id, data }) => id ?? data.id, ({ code }) => code);
      const others = [1, 2, 3].map((i) => ({ ...user, accountNumber: "A" + i }));
      // Answers, refusals, no connection.
      console.log(await Promise.all(others.map((other) => end(oplead.updateUser("1", other)))));
      console.log(await end(rawClient(oplead).GET("/v1/types/countries")));
      console.log(await end(oplead.updateUser("refuse", user)));
      console.log(await end(connect({ baseUrl: "http://127.0.0.1:1", retry: false }).updateUser("1", user)));
      // No server answers, and a token never comes.
      console.log(await end(oplead.updateUser("hang", user, { deadlineMs: 1_000 })));
      console.log(await end(connect({ token: () => new Promise(() => {}) }).updateUser("1", user, { deadlineMs: 20 })));
      // An abort in flight, in line, between attempts.
      const stop = new AbortController();
      const { signal } = stop;
      const slow = connect({ maxConcurrency: 1, rateLimit: { requests: 1, perMs: 3_600_000 } });
      const ended = others.map((other) => end(slow.updateUser("hang", other, { signal })));
      ended.push(end(oplead.updateUser("busy", user, { signal })));
      setTimeout(() => stop.abort(), 60);
      console.log(await Promise.all(ended));
      // A pause of an hour.
      console.log(await end(oplead.updateUser("limit", user)));
      console.log(await end(oplead.updateUser("1", user)));`;
    const { status, lines, lingered, complaints } = await run(server.url, way, script);
    expect(complaints).toBe("");
    expect(status).toBe(0);
    expect(lines).toEqual([
      "[ '1', '1', '1' ]",
      "1",
      "refused",
      "connection",
      "deadline",
      "token_unavailable",
      "[ 'aborted', 'aborted', 'aborted', 'aborted' ]",
      "rate_limited",
      "rate_limited",
    ]);
    expect(lingered).toBeLessThan(5_000);
  });

  it("a process trusts NODE_EXTRA_CA_CERTS, and checks the host name in a certificate", async () => {
    const identity = selfSigned();
    let requests = 0;
    const server = createSecureServer(identity, (_request, response) => {
      requests += 1;
      json(response);
    });
    const port = await listen(server);
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const authority = join(folder, "authority.pem");
    await writeFile(authority, identity.cert);
    const script = `console.log((await oplead.updateUser('1', user)).id);
      const error = await connect({ baseUrl: 'https://localhost:${port}' }).createUser(user).catch((e) => e);
      console.log(error.code, error.requests, error.retryable, error.message.includes('ERR_TLS_CERT_ALTNAME_INVALID'));`;
    const { lines, complaints } = await run(`https://127.0.0.1:${port}`, way, script, {
      NODE_EXTRA_CA_CERTS: authority,
    });
    expect(complaints).toBe("");
    expect(lines).toEqual(["1", "connection 1 false true"]);
    expect(requests).toBe(1);
  });
});
