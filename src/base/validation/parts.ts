import { tellPart } from "../../locales/en/core.ts";
import { isIterable } from "./is-object.ts";
import { type Schema, valueThat, withMethods } from "./validate.ts";

export function ledger(): Schema {
  return withMethods(["get", "replace", "entries", "readNote", "close"], tellPart("not_ledger"));
}

/** What {@link createLedger} makes a ledger of. */
export function store(): Schema {
  return withMethods(["get", "replace", "entries"], tellPart("not_ledger_store"));
}

/** Something that can be read one after the other, also if it comes bit by bit. */
export function iterable(): Schema {
  return valueThat(isIterable, tellPart("not_iterable"));
}

/** A function that says what time it is. */
export function clock(): Schema {
  return valueThat(isClock, tellPart("not_clock"));
}

function isClock(value: unknown): boolean {
  try {
    return typeof value === "function" && Number.isFinite(value());
  } catch {
    return false;
  }
}
