import type { Contract } from "../contract/contract.ts";
import { OpleadError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";
import type { Oplead } from "./api.ts";

/** What the other entry points of this package need of a client. */
export interface Internals {
  readonly transport: Transport;
  readonly contract: Contract;
}

// Registered, so that a client made by the ESM copy of the package works with the CommonJS copy.
const key = Symbol.for("oplead-sdk.internals");

export function attachInternals<T extends object>(oplead: T, internals: Internals): T {
  // A getter, because the settings in it hold the token and inspecting shows values, also hidden ones.
  return Object.defineProperty(oplead, key, { get: () => internals });
}

export function internalsOf(oplead: Oplead): Internals {
  const internals: unknown = Reflect.get(Object(oplead), key);
  if (internals === undefined) {
    throw new OpleadError("invalid_input", "this is not a client made by createOplead.");
  }
  return internals as Internals;
}
