import type { RequestListener } from "node:http";
import type { Command } from "commander";
import type { UserQueue } from "oplead-sdk/bullmq";
import type { WebhookOptions } from "oplead-sdk/webhook";
import { createUserWebhook, toNodeListener } from "oplead-sdk/webhook";
import type { Action, Context } from "../command.ts";
import type { ExitCode } from "../exit.ts";
import { Live, UserAudit } from "../live/live.ts";
import { close, listen, probes } from "../live/port.ts";
import { say } from "../say.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn } from "../shell/program.ts";
import { inWorkspace, type Workspace, withQueue } from "../workspace/workspace.ts";

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
    .option("-p, --port <number>", say("option_port"), numberIn(0, 65_535), Number(process.env.PORT) || 3000)
    .option("--host <address>", say("serve_host"), "127.0.0.1")
    .option("--queue", say("serve_queue"))
    .option("--metrics-port <number>", say("serve_metrics_port"), numberIn(0, 65_535))
    .option("--metrics-host <address>", say("serve_metrics_host"), "127.0.0.1")
    .option("--drain-ms <number>", say("serve_drain"), numberIn(0, 600_000), 0);
  helpNote(command, say("serve_notes"));
  return serve;
}

// Deliveries that take longer are cut off, and their senders repeat them.
const GRACE_MS = 30_000;

const serve = inWorkspace<ServeFlags>(["client", "webhook"], async (workspace, context, _args, flags) => {
  const { metricsPort: port, metricsHost: host } = flags;
  // With a queue, the worker has the ledger and the token.
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
  // Safe: the workspace requires a webhook.
  const { ledger: own, onRefused, ...webhook } = workspace.config.webhook as WebhookOptions;
  const given = queue ?? webhook.queue;
  const ledger = given ? undefined : (own ?? workspace.ledger);
  const audit = new UserAudit(workspace.loaded, "serve", output);
  const onOutcome: typeof webhook.onOutcome = async (outcome) => {
    audit.write((file) => file.onOutcome(outcome));
    await webhook.onOutcome?.(outcome);
  };
  const handler = createUserWebhook(
    workspace.oplead,
    given ? { ...webhook, onOutcome, queue: given } : { ...webhook, onOutcome, queue: undefined, ledger, onRefused },
  );
  const receive = toNodeListener(handler);
  // The queue of the webhook's options may be any object with `add`.
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
      say("serve_receiving", {
        address: `http://${host}:${listening}/`,
      }),
    );
    await interrupts.wait(say("serve_stopping"));
    readiness.isStopping = true;
    await new Promise((resolve) => setTimeout(resolve, drainMs));
    await close(server, GRACE_MS);
  } finally {
    await live.close();
  }
  return audit.close();
}
