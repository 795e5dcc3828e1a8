import type { Command } from "commander";
import { loadConfig, sendSamples } from "oplead-sdk/config";
import type { Action, Subcommands } from "../../command.ts";
import { EXIT } from "../../exit.ts";
import { notifySettings } from "../../run/alerts.ts";
import { type ConfigFlags, subcommand } from "../../shell/flags.ts";
import { languageName, say } from "../../texts/say.ts";

export function define(command: Command): Subcommands {
  const sub = subcommand(command);
  return [
    [sub("test", say("send a sample to each target of the config's notify; a heartbeat gets one of success")), test],
  ];
}

const test: Action<ConfigFlags> = async ({ output }, _args, { config: file, target }) => {
  const { targets = [], ...options } = notifySettings(await loadConfig({ file, target, needs: ["notify"] })) ?? {};
  const samples = await sendSamples(targets, { language: languageName(), ...options });
  const lines = samples.map(({ target: one, problem }) =>
    problem === undefined
      ? say("{target}: sent", { target: one })
      : say("{target}: not sent ({why})", { target: one, why: problem }),
  );
  output.result(lines.join("\n"), samples);
  return samples.some(({ problem }) => problem !== undefined) ? EXIT.error : EXIT.success;
};
