import { NAMES } from "../../src/probe/names.ts";
import { at, resolve, type Tree, type View, viewOf } from "./view.ts";

export interface Side {
  readonly schema: unknown;
  readonly document: Tree;
  // Dotted. Default: the whole body.
  readonly place?: string;
  // Dotted, from the top. Default: none.
  readonly id?: string;
}

export type Direction = "sent" | "answered" | "of failures";

// Schemas that refer to each other are reached in exponentially many ways.
const MAX_LOOKS = 8;

// A field that the other document does not describe stays open.
export function compareFields(
  ours: Side,
  theirs: Side,
  direction: Direction,
  operation: string,
  findings: Findings,
): void {
  // A schema that contains itself is compared once.
  const open = new Set<unknown>();
  const looks = new Map<unknown, number>();
  const viewOfOurs = (schema: unknown): View => viewOf(schema, ours.document);
  const viewOfTheirs = (schema: unknown): View => viewOf(schema, theirs.document);

  function compare(before: unknown, after: unknown, prefix: string, depth: number): void {
    const node = resolve(before, ours.document);
    const looked = looks.get(node) ?? 0;
    if (node === undefined || open.has(node) || depth > 12 || looked >= MAX_LOOKS) return;
    looks.set(node, looked + 1);
    open.add(node);
    const [old, now] = [viewOfOurs(before), viewOfTheirs(after)];
    if (old.items !== undefined) {
      compareItems(old.items, now.items, `${prefix}[]`);
      compare(old.items, now.items, `${prefix}[]`, depth + 1);
    }
    compareObjects(old, now, prefix, depth);
    open.delete(node);
  }

  function compareItems(before: unknown, after: unknown, name: string): void {
    if (after === undefined) return;
    const [old, now] = [viewOfOurs(before), viewOfTheirs(after)];
    const change = difference({ required: false, view: old }, { required: false, view: now });
    if (change !== undefined) add("refuted", before, name, change);
    noteChoices(old, now, name);
  }

  // Only the other document lists the values that may be sent: it refuses others.
  function noteChoices(old: View, now: View, name: string): void {
    if (direction !== "sent" || old.choices.length > 0 || now.choices.length === 0) return;
    const finding = { verdict: "new", provenance: undefined, what: "list of values", name } as const;
    findings.add({ ...finding, now: now.choices.join(", ") }, operation);
  }

  function compareObjects(old: View, now: View, prefix: string, depth: number): void {
    const silent = now.fields.size === 0;
    const names = counterparts(old, now, prefix === "" ? [leafOf(ours), leafOf(theirs)] : []);
    for (const [name, field] of old.fields) {
      const newName = names.get(name);
      const other = newName === undefined ? undefined : now.fields.get(newName);
      const path = join(prefix, name);
      if (silent) add("open", field.schema, path);
      else if (other === undefined || newName !== name) {
        add("refuted", field.schema, path, newName === undefined ? undefined : join(prefix, newName));
      } else {
        const [before, after] = [viewOfOurs(field.schema), viewOfTheirs(other.schema)];
        const change = difference({ ...field, view: before }, { ...other, view: after });
        add(change === undefined ? "confirmed" : "refuted", field.schema, path, change);
        noteChoices(before, after, path);
      }
      if (other !== undefined || silent) compare(field.schema, other?.schema, path, depth + 1);
    }
    const taken = new Set(names.values());
    for (const [name, field] of now.fields) {
      if (taken.has(name)) continue;
      add("new", undefined, join(prefix, name), direction === "sent" && field.required ? "required" : undefined);
    }
  }

  interface Said {
    readonly required: boolean;
    readonly view: View;
  }

  function difference(old: Said, now: Said): string | undefined {
    const [before, after] = [kindsOf(old.view), kindsOf(now.view)];
    if (before.size > 0 && after.size > 0 && ![...before].some((kind) => after.has(kind))) {
      return `${inWords(old.view)} → ${inWords(now.view)}`;
    }
    if (direction !== "sent") return undefined;
    const [choices, others] = [old.view.choices, now.view.choices];
    if (others.length > 0 && choices.some((choice) => !others.includes(choice)))
      return `${choices.join(", ")} → ${others.join(", ")}`;
    return now.required && !old.required ? "optional → required" : undefined;
  }

  function add(verdict: Finding["verdict"], schema: unknown, name: string, now?: string): void {
    const stated = at(schema, "x-provenance");
    const provenance = typeof stated === "string" ? stated : undefined;
    findings.add({ verdict, provenance, what: `field ${direction}`, name, now }, operation);
  }

  compare(inner(ours), inner(theirs), "", 0);
}

export function inner({ schema, document, place = "" }: Side): unknown {
  return place
    .split(".")
    .filter((name) => name !== "")
    .reduce<unknown>((here, name) => viewOf(here, document).fields.get(name)?.schema, schema);
}

// New names of old fields. What the facts take for the Oplead ID is always a pair.
export function counterparts(old: View, now: View, ids: readonly (string | undefined)[] = []) {
  const gone = [...old.fields.keys()].filter((name) => !now.fields.has(name));
  const fresh = [...now.fields.keys()].filter((name) => !old.fields.has(name));
  const least = gone.length === 1 && fresh.length === 1 ? 0.2 : undefined;
  const pairs = pair(gone, fresh, least, (a, b) => (a === ids[0] && b === ids[1] ? 2 : likeness(a, b)));
  for (const name of old.fields.keys()) if (now.fields.has(name)) pairs.set(name, name);
  return pairs;
}

const leafOf = ({ id }: Side): string | undefined => id?.split(".").at(-1);

function kindsOf(view: View): Set<string> {
  return new Set([...view.kinds].map((kind) => (kind === "integer" ? "number" : kind)));
}

function inWords(view: View): string {
  return [...view.kinds].sort().join(" or ");
}

function join(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}

// By the words in them, from 0 to 1: `zipCode` and `postCodeZip`. `mobile` is more like `mobile_phone` than `phone` is.
export function likeness(a: string, b: string): number {
  if (lettersOf(a) === lettersOf(b) || SYNONYMS.some((names) => names.includes(a) && names.includes(b))) return 1;
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const common = [...left].filter((word) => right.has(word)).length;
  const isBegun = lettersOf(b).startsWith(lettersOf(a)) ? 0.01 : 0;
  return common === 0 ? 0 : isBegun + common / (left.size + right.size - common);
}

const SYNONYMS = Object.values(NAMES).map((names) => names.split(" "));

// Each new name is used once.
export function pair(
  gone: readonly string[],
  fresh: readonly string[],
  least = 0.3,
  scoreOf: (old: string, now: string) => number = likeness,
): Map<string, string> {
  const scored = gone
    .flatMap((old) => fresh.map((now) => ({ old, now, score: scoreOf(old, now) })))
    .filter(({ score }) => score >= least)
    .sort((a, b) => b.score - a.score);
  const pairs = new Map<string, string>();
  const taken = new Set<string>();
  for (const { old, now } of scored) {
    if (pairs.has(old) || taken.has(now)) continue;
    pairs.set(old, now);
    taken.add(now);
  }
  return pairs;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z\d]/g, "");
}

function wordsOf(name: string): Set<string> {
  const words =
    name
      .replace(/([a-z\d])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .match(/[a-z\d]+/g) ?? [];
  return new Set(words.map((word) => word.replace(/(?<=..)s$/, "")));
}

export type Verdict =
  | "confirmed" // the other document says the same
  | "refuted" // it says something else
  | "open" // it does not mention it, as documents rarely list every failure
  | "new"; // only the other document says it

export interface Finding {
  readonly verdict: Verdict;
  // `x-provenance`. Undefined in a document that was pulled.
  readonly provenance: string | undefined;
  readonly what: string;
  readonly name: string;
  readonly now: string | undefined;
  // `PUT /v1/users/{id}`; empty for the whole document.
  readonly operations: string[];
}

export class Findings {
  readonly #byKey = new Map<string, Finding>();

  get all(): readonly Finding[] {
    return [...this.#byKey.values()];
  }

  add(finding: Omit<Finding, "operations">, operation: string): void {
    const { verdict, provenance, what, name, now } = finding;
    const key = JSON.stringify([verdict, provenance, what, name, now]);
    const known = this.#byKey.get(key) ?? { ...finding, operations: [] };
    this.#byKey.set(key, known);
    if (operation !== "" && !known.operations.includes(operation)) known.operations.push(operation);
  }
}
