import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Command } from "commander";
import type { UserQueue } from "oplead-sdk/bullmq";
import type { OpleadConfig } from "oplead-sdk/config";
import { createUserWebhook, toNodeListener } from "oplead-sdk/webhook";
import type { Action, Context } from "../../command.ts";
import { CommandError, EXIT } from "../../exit.ts";
import { openAudit } from "../../run/trace.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn } from "../../shell/flags.ts";
import { withQueue } from "../../workspace/queue.ts";
import { inWorkspace, type Workspace } from "../../workspace/workspace.ts";

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

const serve = inWorkspace<ServeFlags>(["client", "webhook"], async (workspace, context, _args, flags) => {
  const receive = (queue?: UserQueue) => receiveDeliveries(workspace, context, flags, queue);
  await (flags.queue ? withQueue(workspace, context, receive) : receive());
  return EXIT.success;
});

async function receiveDeliveries(
  workspace: Workspace,
  { output, interrupts }: Context,
  flags: ServeFlags,
  queue: UserQueue | undefined,
): Promise<void> {
  // The workspace was opened only because there is one.
  const webhook = workspace.config.webhook as NonNullable<OpleadConfig["webhook"]>;
  // A worker has the ledger: see the option queue.
  const given = queue ?? webhook.queue;
  const audit = openAudit(workspace.loaded, "serve");
  const handler = createUserWebhook(workspace.oplead, {
    ...webhook,
    onOutcome: async (outcome) => {
      try {
        audit?.onOutcome(outcome);
      } finally {
        await webhook.onOutcome?.(outcome);
      }
    },
    ...(given ? { queue: given, ledger: undefined } : { ledger: webhook.ledger ?? workspace.ledger, queue: undefined }),
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
  await interrupts.wait("Stopping: waiting for the deliveries under way. Ctrl-C again stops at once.");
  stopping = true;
  await close(server);
}

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
