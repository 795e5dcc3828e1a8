import { defaultSend } from "#send";
import { countriesOf, countryOf, profilesOf } from "../contract/answers.ts";
import { DOCUMENTED, openContract, TEST_PARAMETER } from "../contract/contract.ts";
import { invalid } from "../core/errors.ts";
import { countryCodeProblem, issueAt } from "../core/issues.ts";
import { environment, isPlainHttp } from "../core/run-time.ts";
import { systemClock } from "../core/time.ts";
import { type Answer, errorOf, unexpected } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import { notSentInTime, throwIfAborted, timedOut } from "../transport/failures.ts";
import type { CallOptions, OpleadOptions } from "../transport/options.ts";
import { sendWithFetch } from "../transport/send-fetch.ts";
import { readOptions, readWithOptions, type Settings } from "../transport/settings.ts";
import { Transport } from "../transport/transport.ts";
import type { Oplead } from "./api.ts";
import { attachInternals, ClientState } from "./client-state.ts";
import { openWrites, sendUser } from "./write-user.ts";

/**
 * Makes a client of the Oplead API. Nothing is sent until its first call.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem.
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

function open(transport: Transport, from?: ClientState): Oplead {
  const { settings } = transport;
  const state = new ClientState(transport, openContract(transport), from);
  const { upsertUser, createUser, updateUser, setRules } = openWrites(state);
  const { listUserProfiles, listCountries, getCountry } = openReference(state);
  // The functions do not use `this`, so they also work when taken off the client.
  const oplead: Oplead = {
    testMode: settings.testMode,
    rateLimit: transport.limiter,
    with: (options) => open(transport.with(readWithOptions(options, settings)), state),
    upsertUser,
    createUser,
    updateUser,
    setRules,
    listUserProfiles,
    listCountries,
    getCountry,
  };
  return attachInternals(oplead, {
    state,
    transport,
    recentWrites: state.recentWrites,
    upsertChecked: (checked, options, within) => sendUser(state, checked.toSend.user, options, checked, within),
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

// Simultaneous calls share one request.
function openReference(state: ClientState): Pick<Oplead, "listUserProfiles" | "listCountries" | "getCountry"> {
  const { transport, contract, reference } = state;

  const read = async <T>(
    operation: string,
    key: string,
    options: CallOptions | undefined,
    request: (call: Call) => Promise<Answer>,
    parse: (answer: Answer) => T | undefined,
  ): Promise<T> => {
    const call = transport.begin(operation, options);
    throwIfAborted(call);
    let started: Call | undefined;
    const load = (signal: AbortSignal): Promise<T> => {
      // One caller's signal does not end the shared request; it is cancelled when the last caller has stopped waiting.
      const { headers, timeoutMs, retry, logger } = options ?? {};
      const own = { ...transport.begin(operation, { headers, timeoutMs, retry, logger }), signal };
      started = own;
      return transport.observe(own, () => ask(own));
    };
    const ask = async (own: Call): Promise<T> => {
      const answer = await request(own);
      const error = errorOf(answer, own);
      if (error) throw error;
      const value = parse(answer);
      if (value === undefined)
        throw unexpected(
          answer,
          own,
          "the answer does not have the expected form: check baseUrl, or let npx oplead-sdk probe find `platform.fields`",
        );
      return value;
    };
    const { result, leave } = reference.join(key, load);
    // The caller stops waiting, and the shared request goes on. Only the caller that started it knows whether it was
    // sent.
    const late = () => (started?.requests === 0 ? notSentInTime(call) : timedOut(call, true));
    try {
      return await transport.withinCall(result, call, undefined, late);
    } finally {
      leave();
    }
  };

  return {
    listUserProfiles: (options) => read("listUserProfiles", "profiles", options, contract.listUserProfiles, profilesOf),
    listCountries: (options) => read("listCountries", "countries", options, contract.listCountries, countriesOf),
    async getCountry(code, options) {
      const wrong = countryCodeProblem(code);
      if (wrong !== undefined) {
        const operation = "getCountry";
        throw invalid("invalid_input", `${operation}: nothing was sent.`, [issueAt("code", wrong)], { operation });
      }
      const request = (call: Call): Promise<Answer> => contract.getCountry(code, call);
      return read("getCountry", `country ${code}`, options, request, countryOf);
    },
  };
}
