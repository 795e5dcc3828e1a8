import { countriesOf, countryOf, profilesOf } from "../../contract/answers.ts";
import type { Contract } from "../../contract/contract.ts";
import { invalid } from "../../errors.ts";
import type { Country, CountryDetails, UserProfile } from "../../reference-types.ts";
import { type Answer, errorOf, unexpected } from "../../transport/answer.ts";
import type { Call } from "../../transport/call.ts";
import type { Transport } from "../../transport/transport.ts";
import { countryCodeProblem } from "../../validation/value-problems.ts";
import type { Oplead, ReferenceOptions } from "../api.ts";
import { callOptions } from "../check-input.ts";
import { ReferenceCache } from "./reference-cache.ts";

/** Profiles and countries: asked for once, kept for a while, shared by all who ask meanwhile. */
export function openReference(
  transport: Transport,
  contract: Contract,
): Pick<Oplead, "listUserProfiles" | "listCountries" | "getCountry"> {
  const cache = new ReferenceCache({ ttlMs: transport.settings.referenceTtlMs, clock: transport.clock });

  const read = async <T>(
    operation: string,
    key: string,
    given: ReferenceOptions | undefined,
    request: (call: Call) => Promise<Answer>,
    parse: (answer: Answer) => T | undefined,
  ): Promise<T> => {
    const options = callOptions(given, "refresh");
    const refresh = given?.refresh;
    const call = transport.begin(operation, options);
    transport.throwIfAborted(call);
    const leaving = new AbortController();
    const shared = cache.get(key, { refresh: refresh ?? false, signal: leaving.signal }, async (signal) => {
      // The request belongs to all who wait for it: it ends by itself, or when the last of them has left.
      const { headers, timeoutMs } = options;
      const own = { ...transport.begin(operation, { headers, timeoutMs }), signal };
      const answer = await request(own);
      const error = errorOf(answer, own);
      if (error) throw error;
      const value = parse(answer);
      if (value === undefined) throw unexpected(answer, own, "the answer does not have the expected form");
      return value;
    });
    try {
      return await transport.withinCall(shared, call);
    } catch (error) {
      // Left by its own signal or deadline, or because the request failed; then no caller is left to tell.
      leaving.abort();
      throw error;
    }
  };

  return {
    listUserProfiles: (options) =>
      read<readonly UserProfile[]>("listUserProfiles", "profiles", options, contract.listUserProfiles, profilesOf),
    listCountries: (options) =>
      read<readonly Country[]>("listCountries", "countries", options, contract.listCountries, countriesOf),
    async getCountry(code, options) {
      const message = countryCodeProblem(code);
      if (message !== undefined) {
        throw invalid("invalid_input", "getCountry: nothing was sent.", [{ path: "code", message }], {
          operation: "getCountry",
        });
      }
      return read<CountryDetails>(
        "getCountry",
        `country ${code}`,
        options,
        (call) => contract.getCountry(code, call),
        countryOf,
      );
    },
  };
}
