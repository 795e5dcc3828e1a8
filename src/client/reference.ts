import { invalid } from "../base/errors.ts";
import { issueAt } from "../base/issues.ts";
import { requireNoIssues } from "../base/validation/validate.ts";
import { countryCodeProblem } from "../base/validation/value-problems.ts";
import { countriesOf, countryOf, profilesOf } from "../contract/answers.ts";
import { tellValue } from "../locales/en/core.ts";
import { type Answer, errorOf, unexpected } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import { throwIfAborted } from "../transport/failures.ts";
import type { Oplead, ReferenceOptions } from "./api.ts";
import { callOptions } from "./check-input.ts";
import type { ClientState } from "./client-state.ts";

/** Profiles and countries: asked for once, kept for a while, shared by all who ask meanwhile. */
export function openReference(state: ClientState): Pick<Oplead, "listUserProfiles" | "listCountries" | "getCountry"> {
  const { transport, contract, reference } = state;

  const read = async <T>(
    operation: string,
    key: string,
    given: ReferenceOptions | undefined,
    request: (call: Call) => Promise<Answer>,
    parse: (answer: Answer) => T | undefined,
  ): Promise<T> => {
    const options = callOptions(given, "refresh");
    checkRefresh(operation, given?.refresh);
    const call = transport.begin(operation, options);
    throwIfAborted(call);
    const load = (signal: AbortSignal): Promise<T> => {
      // The request belongs to all who wait for it: it ends by itself, or when the last of them has left.
      const { headers, timeoutMs, retry, logger } = options;
      const own = { ...transport.begin(operation, { headers, timeoutMs, retry, logger }), signal };
      return transport.observe(own, () => ask(own));
    };
    const ask = async (own: Call): Promise<T> => {
      const answer = await request(own);
      const error = errorOf(answer, own);
      if (error) throw error;
      const value = parse(answer);
      if (value === undefined) throw unexpected(answer, own, "the answer does not have the expected form");
      return value;
    };
    const { result, leave } = reference.join(key, load, given?.refresh);
    try {
      return await transport.withinCall(result, call);
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

function checkRefresh(operation: string, refresh: unknown): void {
  if (refresh === undefined || typeof refresh === "boolean") return;
  requireNoIssues(`${operation}: wrong call options`, [issueAt("refresh", tellValue("not_boolean"))], { operation });
}
