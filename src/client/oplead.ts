import { defaultSend } from "#send";
import { isPlainHttp } from "../base/loopback.ts";
import { systemClock } from "../base/time/clock.ts";
import { DOCUMENTED, openContract, TEST_PARAMETER } from "../contract/contract.ts";
import type { OpleadOptions } from "../options.ts";
import { environment } from "../run-time.ts";
import { readWithOptions } from "../settings/call-settings.ts";
import { readOptions, type Settings } from "../settings/settings.ts";
import { sendWithFetch } from "../transport/send/send-fetch.ts";
import { Transport } from "../transport/transport.ts";
import type { Oplead } from "./api.ts";
import { ClientState } from "./client-state.ts";
import { attachInternals } from "./internals.ts";
import { openReference } from "./reference.ts";
import { openWrites, upsertUser } from "./write-user.ts";

/**
 * Makes a client. Sends nothing yet.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem at once.
 *
 * @example
 * ```ts
 * const oplead = createOplead({ token: () => vault.read("oplead"), testMode: true });
 * const { outcome, id } = await oplead.upsertUser(user);
 * ```
 */
export function createOplead(options: OpleadOptions = {}): Oplead {
  const settings = readOptions(options, environment(), DOCUMENTED);
  const { fetch } = settings;
  const send = fetch ? sendWithFetch(() => fetch) : defaultSend;
  const transport = new Transport(settings, send, systemClock, TEST_PARAMETER);
  greet(settings);
  return open(transport);
}

/** `from`: the client from which this one was derived. */
function open(transport: Transport, from?: ClientState): Oplead {
  const { settings } = transport;
  const state = new ClientState(transport, openContract(transport), from);
  // The methods stay usable when they are taken off the client: `const { upsertUser } = createOplead()`.
  const oplead: Oplead = {
    testMode: settings.testMode,
    rateLimit: transport.limiter,
    with: (options) => open(transport.with(readWithOptions(options, settings)), state),
    ...openWrites(state),
    ...openReference(state),
  };
  return attachInternals(oplead, {
    state,
    transport,
    recentWrites: state.recentWrites,
    upsertChecked: (checked, options, within) => upsertUser(state, checked.toSend.user, options, checked, within),
  });
}

function greet({ logger, baseUrl, testMode }: Settings): void {
  if (isPlainHttp(baseUrl)) {
    logger?.warn("oplead-sdk: baseUrl is plain http, so the token can be read on the way. Use https in production.", {
      event: "plain_http",
    });
  }
  if (testMode) logger?.info("oplead-sdk: test mode is on, nothing will be persisted", { event: "test_mode" });
}
