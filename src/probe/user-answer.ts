import { isObject } from "../base/validation/is-object.ts";
import { valueAt } from "../base/validation/value-at.ts";
import type { FactValues } from "../facts.ts";

/** The user in an answer to a write, as far as it can be told from what is around it. */
export interface UserAnswer {
  readonly idField: string;
  readonly id: string;
  readonly idType: FactValues["idType"];
  readonly user: Readonly<Record<string, unknown>>;
}

const ID_LIKE = /^[A-Za-z_]{0,24}(?:id|Id|ID|uuid|[Ii]dentifi(?:er|cation))$/;

/** Where the Oplead ID is in an answer; undefined if there is none, or if several fields could be it. */
export function findUser(data: unknown, idField: string): UserAnswer | undefined {
  const envelopes = Object.entries(isObject(data) ? data : {}).filter(
    ([name, value]) => NAME.test(name) && isObject(value),
  );
  for (const place of ["", ...envelopes.map(([name]) => name)]) {
    const user = valueAt(data, place);
    if (!isObject(user)) continue;
    const ids = Object.keys(user).filter(
      (name) => ID_LIKE.test(name) && !/parent|request|trace/i.test(name) && isId(user[name]),
    );
    const leaf = [idField, "id"].find((name) => ids.includes(name)) ?? (ids.length === 1 ? ids[0] : undefined);
    const value = leaf === undefined ? undefined : user[leaf];
    // An envelope may have an id of its own, of the request.
    const isUser = "lastname" in user || "login" in user || envelopes.length === 0 || place !== "";
    if (leaf === undefined || !isUser) continue;
    return { idField: place === "" ? leaf : `${place}.${leaf}`, id: String(value), idType: typeOf(value), user };
  }
  return undefined;
}

const NAME = /^[A-Za-z_-]{1,30}$/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

const isId = (value: unknown): boolean => typeof value === "number" || (typeof value === "string" && value !== "");

function typeOf(value: unknown): UserAnswer["idType"] {
  if (typeof value === "number") return "number";
  if (UUID.test(String(value))) return "uuid";
  return /^\d+$/.test(String(value)) ? "digits" : "text";
}
