import type { Command } from "commander";
import { createFakeOplead, type FakeOplead, realCountries } from "oplead-sdk/testing";
import type { Action } from "../command.ts";
import { EXIT } from "../exit.ts";
import { cannotListen } from "../live/port.ts";
import { say, told } from "../say.ts";
import { helpNote, numberIn, type OutputFlags, outputFlags, WrongValue } from "../shell/program.ts";
import { load } from "../workspace/load.ts";

interface FakeFlags extends OutputFlags {
  readonly config?: string;
  readonly port: number;
  readonly users: number;
  readonly faults: number;
}

export function define(command: Command): Action {
  outputFlags(command)
    .option("-c, --config <file>", say("fake_config"))
    .option("-p, --port <number>", say("option_port"), numberIn(0, 65_535), 4010)
    .option("--users <number>", say("fake_users"), numberIn(0, 100_000), 0)
    .option("--faults <share>", say("fake_faults"), share, 0);
  helpNote(command, say("fake_notes"));
  return fake;
}

const TOKEN = "fake-token";

const fake: Action<FakeFlags> = async ({ output, interrupts }, _args, flags) => {
  const { config } = flags.config === undefined ? {} : await load({ file: flags.config, needs: [] });
  const profile = config?.fake?.profiles?.[0]?.code ?? "PRF_NETWORK";
  const fake = createFakeOplead({
    token: TOKEN,
    countries: realCountries(),
    users: Array.from({ length: flags.users }, (_, number) => userOf(number, profile)),
    platform: typeof config?.platform === "object" ? config.platform : undefined,
    ...config?.fake,
  });
  if (flags.faults > 0) makeUnreliable(fake, flags.faults);
  const server = await fake.listen({ port: flags.port }).catch((error) => {
    throw cannotListen(`127.0.0.1:${flags.port}`, error);
  });
  const { url } = server;
  output.result(say("fake_listens", { url, token: TOKEN }), { url, token: TOKEN });
  await interrupts.wait(say("stopping"));
  const { users, requests } = fake;
  output.note(
    say("fake_ended", {
      users: users.length,
      requests: requests.length,
      duplicates: fake.duplicates().length,
    }),
  );
  await server.close();
  return EXIT.success;
};

function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text);
  const value = Number(match?.[1]) / (match?.[2] ? 100 : 1);
  if (match && value >= 0 && value <= 1) return value;
  throw new WrongValue(told("share_expected"));
}

// The seed makes a demonstration repeatable.
function makeUnreliable(fake: FakeOplead, share: number): void {
  const ways = [{ status: 503, retryAfter: "1" }, "reset", "empty-500", "html-200", "truncated-json"] as const;
  const faults = ways.flatMap((as) => [{ as, when: "before" } as const, { as, when: "after" } as const]);
  for (const [at, fault] of faults.entries()) fake.fail({ ...fault, share: share / faults.length, seed: at + 1 });
}

function userOf(number: number, profile: string) {
  return {
    accountNumber: `FAKE-${number + 1}`,
    civility: "Mme",
    lastname: `Exemple ${number + 1}`,
    login: `fake-${number + 1}`,
    email: `fake-${number + 1}@dealers.example`,
    address: { zipCode: "75001", city: "Paris", country: { code: "FR" } },
    profile: { code: profile },
  };
}
