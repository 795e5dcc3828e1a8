import { OpleadError } from "../base/errors.ts";
import type { Within } from "../transport/call.ts";
import type { Oplead, UpsertOptions, UpsertResult } from "./api.ts";
import type { CheckedUser } from "./check-input.ts";
import type { ClientState } from "./client-state.ts";

/** The parts of a client that the other entry points of this package need. */
export interface Internals extends Pick<ClientState, "transport" | "recentWrites"> {
  readonly state: ClientState;
  /**
   * `upsertUser` for a user that has been checked by `checkUser`, and is not checked again. `within`: see `Call`.
   */
  upsertChecked(user: CheckedUser, options?: UpsertOptions, within?: Within): Promise<UpsertResult>;
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
  return internals as Internals; // only attachInternals uses this key
}
