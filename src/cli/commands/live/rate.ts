import type { Command } from "commander";
import { loadConfig } from "oplead-sdk/config";
import type { RedisRate } from "oplead-sdk/redis";
import type { Action, Subcommands } from "../../command.ts";
import { CommandError, EXIT } from "../../exit.ts";
import { type ConfigFlags, helpNote, subcommand } from "../../shell/flags.ts";
import { say, told } from "../../texts/say.ts";

export function define(command: Command): Subcommands {
  const sub = subcommand(command);
  const resetting = sub("reset", say("end the pause that Oplead asked all machines for"));
  helpNote(
    resetting,
    say(
      "For the shared rate (redisRate) in client.rateLimit. Clients also forget what 429s taught them about the limit. A pause of more than a minute ends by itself, within ten minutes of Oplead being well.",
    ),
  );
  return [[resetting, reset]];
}

/** Opens no ledger: another process may have it, and be the one that is paused. */
const reset: Action<ConfigFlags> = async ({ output }, _args, { config: file, target }) => {
  const { config } = await loadConfig({ file, target, needs: [] });
  const rate = config.client?.rateLimit;
  if (!isRedisRate(rate)) throw new CommandError("usage", told("client.rateLimit of the config is not a redisRate."));
  await rate.reset();
  output.result(say("The shared rate has no pause now."), { reset: true });
  return EXIT.success;
};

function isRedisRate(rate: unknown): rate is RedisRate {
  return typeof (rate as Partial<RedisRate> | undefined)?.reset === "function";
}
