import type { RequestListener } from "node:http";
import type { Command } from "commander";
import type { UserQueue } from "oplead-sdk/bullmq";
import type { OpleadConfig } from "oplead-sdk/config";
import { createUserWebhook, toNodeListener } from "oplead-sdk/webhook";
import type { Action, Context } from "../../command.ts";
import type { ExitCode } from "../../exit.ts";
import { Live } from "../../live/live.ts";
import { close, listen, probes } from "../../live/port.ts";
import { UserAudit } from "../../live/user-audit.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn } from "../../shell/flags.ts";
import { say } from "../../texts/say.ts";
import { withQueue } from "../../workspace/queue.ts";
import { inWorkspace, type Workspace } from "../../workspace/workspace.ts";

interface ServeFlags extends ConfigFlags {
  readonly port: number;
  readonly host: string;
  readonly queue?: boolean;
  readonly metricsPort?: number;
  readonly metricsHost: string;
  readonly drainMs: number;
}

export function define(command: Command): Action {
  configFlags(command)
    .option(
      "-p, --port <number>",
      say("the port; 0 is a free one"),
      numberIn(0, 65_535),
      Number(process.env.PORT) || 3000,
    )
    .option("--host <address>", say("the address to listen at"), "127.0.0.1")
    .option("--queue", say("store users in the config's queue, for oplead worker, instead of sending them to Oplead"))
    .option("--metrics-port <number>", say("a second port, with /metrics, /healthz and /readyz"), numberIn(0, 65_535))
    .option("--metrics-host <address>", say("the address of the second port"), "127.0.0.1")
    .option(
      "--drain-ms <number>",
      say("how long deliveries are still received after a signal, while /readyz answers 503"),
      numberIn(0, 600_000),
      0,
    );
  helpNote(
    command,
    say(
      "Receives deliveries with POST at any path. GET /healthz answers 200 while it runs; GET /readyz 503 with the reason if the ledger, the queue or the token cannot be used. SIGTERM and Ctrl-C end it after the deliveries under way.",
    ),
  );
  return serve;
}

/** How long deliveries under way may take after a signal. Senders repeat what was cut off. */
const GRACE_MS = 30_000;

const serve = inWorkspace<ServeFlags>(["client", "webhook"], async (workspace, context, _args, flags) => {
  const { metricsPort: port, metricsHost: host } = flags;
  // A worker has the ledger and the token: see the option queue.
  const live = await Live.open(workspace, { sends: !flags.queue && !workspace.config.webhook?.queue, port, host });
  const receive = (queue?: UserQueue) => receiveDeliveries(workspace, context, flags, live, queue);
  return flags.queue ? withQueue(workspace, context, receive) : receive();
});

async function receiveDeliveries(
  workspace: Workspace,
  { output, interrupts }: Context,
  { host, port, drainMs }: ServeFlags,
  live: Live,
  queue: UserQueue | undefined,
): Promise<ExitCode> {
  // The workspace was opened only because there is one.
  const webhook = workspace.config.webhook as NonNullable<OpleadConfig["webhook"]>;
  const given = queue ?? webhook.queue;
  const ledger = given ? undefined : (webhook.ledger ?? workspace.ledger);
  const audit = new UserAudit(workspace.loaded, "serve", output);
  const handler = createUserWebhook(workspace.oplead, {
    ...webhook,
    onOutcome: async (outcome) => {
      live.metrics?.user(outcome.outcome);
      audit.write((file) => file.onOutcome(outcome));
      await webhook.onOutcome?.(outcome);
    },
    ...(given ? { queue: given, ledger: undefined } : { ledger, queue: undefined }),
  });
  const receive = toNodeListener(handler);
  // One of the config's own may be no UserQueue.
  const asked = queue ?? (given && "status" in given ? (given as UserQueue) : undefined);
  const readiness = await live.start({ ledger, queue: asked }, output);
  const isProbe = probes(readiness);
  const listener: RequestListener = (request, response) => {
    if (isProbe(request, response)) return;
    response.once("close", () => live.metrics?.delivery(response.writableFinished ? response.statusCode : undefined));
    receive(request, response);
  };
  try {
    const [server, listening] = await listen(listener, host, port);
    output.note(
      say("Receiving deliveries at {address} (probes: /healthz, /readyz). Ctrl-C ends it.", {
        address: `http://${host}:${listening}/`,
      }),
    );
    await interrupts.wait(say("Stopping: waiting for the deliveries under way. Ctrl-C again stops at once."));
    readiness.isStopping = true;
    await new Promise((resolve) => setTimeout(resolve, drainMs));
    await close(server, GRACE_MS);
  } finally {
    await live.close();
  }
  return audit.close();
}
