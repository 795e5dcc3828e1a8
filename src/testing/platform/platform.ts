import { errorBody, type Problem } from "../api/answer.ts";
import type { FakeRuleName } from "../rules.ts";
import type { Ids } from "../state/ids.ts";
import type { Replica } from "../state/replica.ts";
import type { Store } from "../state/store.ts";
import type { FakeCountry, FakeProfile } from "../types/user.ts";
import type { Form, Likeness } from "./likeness.ts";

export interface Platform {
  readonly store: Store;
  /** The store that the look-ups of a request see: the store, or an older state of it. */
  readonly replica: Replica;
  readonly ids: Ids;
  readonly profiles: ReadonlyMap<string, FakeProfile>;
  readonly countries: ReadonlyMap<string, FakeCountry>;
  readonly disabledRules: ReadonlySet<FakeRuleName>;
  readonly uniqueAccountNumbers: boolean;
  readonly uniqueLogins: boolean;
  readonly like: Likeness;
}

/** The answer of an operation, and the write that goes with it. In test mode the write is left undone. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The content in place of the body. Default: JSON. */
  readonly form?: Form;
  readonly write?: () => void;
  /** Whether the write, if it comes later, would now break what must be unique. */
  readonly conflicts?: () => boolean;
}

export function refuse(status: number, message?: string, errors?: readonly Problem[]): Reply {
  return { status, body: errorBody(status, message, errors) };
}
