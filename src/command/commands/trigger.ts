import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { type SignedDelivery, signDelivery } from "oplead-sdk/testing";
import { errorCode } from "../../core/errors.ts";
import type { Action } from "../command.ts";
import { CommandError, EXIT } from "../exit.ts";
import { say, told } from "../say.ts";
import { CONFIG_FILES, helpNote, type OutputFlags, outputFlags } from "../shell/program.ts";
import { load } from "../workspace/load.ts";

interface TriggerFlags extends OutputFlags {
  readonly config?: string;
  readonly target?: string;
  readonly to: string;
}

export function define(command: Command): Action {
  command.argument("<file>", say("trigger_event"));
  outputFlags(command)
    .option("-c, --config <file>", say("option_config", { files: CONFIG_FILES }))
    .option("-t, --target <name>", say("trigger_target"))
    .option("--to <url>", say("trigger_to"), "http://127.0.0.1:3000/");
  helpNote(command, say("trigger_notes"));
  return trigger;
}

const trigger: Action<TriggerFlags> = async ({ output, interrupts }, [file = ""], flags) => {
  const event = readEvent(file);
  const { config } = await load({ file: flags.config, target: flags.target, needs: [] });
  const request = await requestOf(event, config.trigger, flags);
  const ending = new AbortController();
  const end = (): void => ending.abort();
  interrupts.wait(say("stopping")).then(end);
  setTimeout(end, 60_000);
  let response: Response;
  let text: string;
  try {
    response = await fetch(request, { signal: ending.signal });
    text = await response.text();
  } catch (error) {
    if (interrupts.happened) throw error;
    const cause = error instanceof Error ? error.cause : undefined;
    const why = errorCode(cause) ?? told("trigger_no_answer");
    const message = told("trigger_unreachable", { url: flags.to, why });
    throw new CommandError("connection", message);
  }
  output.result(`${response.status} ${response.statusText}\n${text}`, { status: response.status, body: parse(text) });
  return response.ok ? EXIT.success : EXIT.error;
};

async function requestOf(event: unknown, signature: unknown, { to }: TriggerFlags): Promise<Request> {
  if (!URL.canParse(to)) throw new CommandError("usage", told("trigger_bad_address", { url: to }));
  if (signature === undefined) {
    const headers = { "content-type": "application/json" };
    return new Request(to, { method: "POST", headers, body: JSON.stringify(event) });
  }
  // Safe: signDelivery checks the options.
  return signDelivery(event, { ...(signature as SignedDelivery), url: to });
}

function readEvent(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file === "-" ? 0 : file, "utf8").replace(/^\ufeff/, ""));
  } catch (error) {
    const code = errorCode(error);
    throw new CommandError(
      "event",
      code === undefined ? told("event_not_json", { file }) : told("event_unreadable", { file, code }),
    );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
