import { type Content, type SourceUser, sourceUserOf } from "../reconcile/content.ts";

/** A user as it can be written as JSON: its rules as they are sent. */
export type StoredUser = Pick<Content, "user" | "version"> & {
  readonly rules: readonly Pick<Content["rules"][number], "name" | "toSend">[];
};

export function storedUser({ user, rules, version }: Content): StoredUser {
  return { user, rules: rules.map(({ name, toSend }) => ({ name, toSend })), version };
}

export function revivedUser(stored: StoredUser): SourceUser {
  return sourceUserOf(stored);
}
