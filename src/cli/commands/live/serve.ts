import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Command } from "commander";
import { createUserWebhook, toNodeListener } from "oplead-sdk/webhook";
import type { Action } from "../../command.ts";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { openQueue } from "../../session/open-queue.ts";
import { openSession } from "../../session/session.ts";
import { CommandError } from "../../shell/command-error.ts";
import type { Context } from "../../shell/context.ts";
import { type ConfigFlags, configFlags, numberIn } from "../../shell/flags.ts";
import { helpNote } from "../../shell/help-note.ts";
import { untilStopped } from "../../shell/until-stopped.ts";

interface ServeFlags extends ConfigFlags {
  readonly port: number;
  readonly host: string;
  readonly queue?: boolean;
}

export function define(command: Command): Action {
  configFlags(command)
    .option("-p, --port <number>", "the port; 0 is a free one", numberIn(0, 65_535), Number(process.env.PORT) || 3000)
    .option("--host <address>", "the address to listen at", "127.0.0.1")
    .option("--queue", "store users in the config's queue, for oplead worker, instead of sending them to Oplead");
  helpNote(
    command,
    "Receives deliveries with POST at any path; GET /healthz answers 200. SIGTERM and Ctrl-C end it after the deliveries under way.",
  );
  return serve;
}

/** How long deliveries under way may take after a signal. Senders repeat what was cut off. */
const GRACE_MS = 30_000;

const serve = async (context: Context, _args: readonly string[], flags: ServeFlags): Promise<ExitCode> => {
  const { output } = context;
  const session = await openSession(context, flags, "serve", ["client", "webhook"]);
  try {
    const { webhook } = session.config;
    // openSession was asked for it.
    const given = webhook as NonNullable<typeof webhook>;
    const queue = flags.queue ? await openQueue(session, context) : undefined;
    const handler = createUserWebhook(session.oplead, {
      ...given,
      // A worker has the ledger: see deliver.
      ...(queue ? { deliver: queue, ledger: undefined } : { ledger: given.ledger ?? session.ledger }),
    });
    const receive = toNodeListener(handler);
    let underWay = 0;
    let stopping = false;
    const server = createServer((request, response) => {
      if (request.method === "GET" && request.url?.split("?")[0] === "/healthz") {
        response.writeHead(stopping ? 503 : 200, { "content-type": "application/json" });
        response.end(JSON.stringify({ status: stopping ? "stopping" : "ok", underWay }));
        return;
      }
      underWay += 1;
      receive(request, response).finally(() => {
        underWay -= 1;
      });
    });
    const port = await listen(server, flags);
    output.note(`Receiving deliveries at http://${flags.host}:${port}/ (health: /healthz). Ctrl-C ends it.`);
    await untilStopped(context, "Stopping: waiting for the deliveries under way. Ctrl-C again stops at once.");
    stopping = true;
    await close(server);
    await queue?.close();
    return EXIT.success;
  } finally {
    await session.close();
  }
};

async function listen(server: Server, { port, host }: ServeFlags): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new CommandError("listen", `Cannot listen at ${host}:${port} (${error.code}).`));
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(timer);
}
