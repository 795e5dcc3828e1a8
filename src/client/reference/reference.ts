import { countriesOf, countryOf, profilesOf } from "../../contract/answers.ts";
import type { Contract } from "../../contract/contract.ts";
import { invalid } from "../../errors.ts";
import { type Answer, errorOf, unexpected } from "../../transport/answer.ts";
import type { Call } from "../../transport/call.ts";
import type { Transport } from "../../transport/transport.ts";
import { throwIfAborted } from "../../transport/waiting.ts";
import { countryCodeProblem } from "../../validation/value-problems.ts";
import type { Oplead, ReferenceOptions } from "../api.ts";
import { callOptions } from "../check-input.ts";
import { ReferenceCache } from "./reference-cache.ts";

/** Profiles and countries: asked for once, kept for a while, shared by all who ask meanwhile. */
export function openReference(
  transport: Transport,
  contract: Contract,
): Pick<Oplead, "listUserProfiles" | "listCountries" | "getCountry"> {
  const cache = new ReferenceCache(transport.clock, transport.settings.referenceTtlMs);

  const read = async <T>(
    operation: string,
    key: string,
    given: ReferenceOptions | undefined,
    request: (call: Call) => Promise<Answer>,
    parse: (answer: Answer) => T | undefined,
  ): Promise<T> => {
    const options = callOptions(given, "refresh");
    const call = transport.begin(operation, options);
    throwIfAborted(call);
    const load = async (signal: AbortSignal): Promise<T> => {
      // The request belongs to all who wait for it: it ends by itself, or when the last of them has left.
      const { headers, timeoutMs } = options;
      const own = { ...transport.begin(operation, { headers, timeoutMs }), signal };
      const answer = await request(own);
      const error = errorOf(answer, own);
      if (error) throw error;
      const value = parse(answer);
      if (value === undefined) throw unexpected(answer, own, "the answer does not have the expected form");
      return value;
    };
    const { result, leave } = cache.join(key, load, given?.refresh);
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
      const message = countryCodeProblem(code);
      if (message !== undefined) {
        const operation = "getCountry";
        throw invalid("invalid_input", `${operation}: nothing was sent.`, [{ path: "code", message }], { operation });
      }
      const request = (call: Call): Promise<Answer> => contract.getCountry(code, call);
      return read("getCountry", `country ${code}`, options, request, countryOf);
    },
  };
}
