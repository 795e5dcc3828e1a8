// `platform.fields`: names and places of fields on the wire, where a platform differs from the document.
import { tellOption } from "../locales/en/core.ts";
import { issueAt, type OpleadIssue, type ValueProblem, valueAt } from "./issues.ts";
import { CONTAINER_NAMES, POINTER_NAMES, WRAPPERS } from "./redact.ts";
import { isObject, isRecord, similarTo } from "./values.ts";

// Fields of a user have no prefix, others that of their body. `[]` is each item of a list.
export const FIELDS = [
  ...["id", "civility", "lastname", "firstname", "login", "email", "phone", "mobile", "company", "accountNumber"],
  ...["parentUserIdentifier", "address.street", "address.zipCode", "address.city", "address.country.code"],
  "profile.code",
  "geographical.handledCountries[].handledCountry.code",
  "geographical.handledCountries[].handledCounties[].handledCounty.number",
  "geographical.handledCountries[].handledCounties[].handledPostCodeZips[]",
  "maxDistance.maxDistance",
  ...["competences[].range.code", "competences[].requestType.code", "contactProfiles[].code", "profileTypes[]"],
  ...["profiles[].code", "profiles[].label", "profiles[].parent.code", "countries[].code", "countries[].label"],
  ...["country.code", "country.label", "country.counties[].number", "country.counties[].label"],
  "country.counties[].postCodeZips[]",
] as const;

/**
 * A field of requests and answers, in {@link Platform.fields}: of a user `address.zipCode`, of a rule
 * `competences[].range.code`, of reference data `profiles[].code`. `[]` is each item of a list.
 */
export type OpleadField = (typeof FIELDS)[number];

type Steps = readonly string[];

// By pattern: where such a value goes. A list that moves has an entry too.
type Moves = ReadonlyMap<string, Steps>;

export const PLACE = /^(?:\[\]|[\w-]+)(?:\[\]|\.[\w-]+)*$/;
const OTHERS =
  /^(?:geographical|maxDistance|competences|contactProfiles|profileTypes|profiles|countries|country)(?=[.[])\.?/;

const stepsOf = (place: string): Steps => place.match(/\[\]|[^.[\]]+/g) ?? [];
export const textOf = (steps: Steps): string => steps.join(".").replaceAll(".[]", "[]");
const LIST = "[]";

export function split(field: string): [body: string, steps: Steps] {
  const prefix = OTHERS.exec(field)?.[0] ?? "";
  return [prefix.replace(".", "") || "user", stepsOf(field.slice(prefix.length))];
}

const lists = (steps: Steps): number[] => steps.flatMap((step, at) => (step === LIST ? [at] : []));

function movesOf(from: Steps, to: Steps): [Steps, Steps][] {
  const ends = lists(to);
  const ofLists = lists(from).map((at, index): [Steps, Steps] => [from.slice(0, at), to.slice(0, ends[index])]);
  return [...ofLists, [from, to]];
}

// The longest prefix with an entry decides: fields inside a list move with it.
function placeOf(steps: Steps, moves: Moves): Steps {
  for (let length = steps.length; length >= 0; length -= 1) {
    const to = moves.get(steps.slice(0, length).join("."));
    if (to) return [...to, ...steps.slice(length)];
  }
  return steps;
}

interface Tables {
  readonly sent: Map<string, Steps>;
  readonly read: Map<string, Steps>;
}

function tablesOf(fields: Readonly<Record<string, string>>, refuse?: (field: string) => void): Map<string, Tables> {
  const tables = new Map<string, Tables>();
  for (const [field, place] of Object.entries(fields)) {
    const [body, from] = split(field);
    const table = tables.get(body) ?? { sent: new Map(), read: new Map() };
    tables.set(body, table);
    for (const [own, wire] of movesOf(from, stepsOf(place))) {
      const before = table.sent.get(own.join("."));
      if (before && before.join(".") !== wire.join(".")) refuse?.(field);
      table.sent.set(own.join("."), wire);
      table.read.set(wire.join("."), own);
    }
  }
  return tables;
}

export function fieldIssues(fields: unknown, customFields: readonly string[] = []): OpleadIssue[] {
  if (!isRecord(fields)) return [];
  const issues = new Map<string, OpleadIssue>();
  const refuse = (field: string, problem: ValueProblem): void => {
    if (!issues.has(field)) issues.set(field, issueAt(`platform.fields.${field}`, problem));
  };
  const known: readonly string[] = FIELDS;
  for (const [field, place] of Object.entries(fields)) {
    const isPlace = typeof place === "string" && PLACE.test(place);
    const counted = (one: string): number => lists(stepsOf(one)).length;
    if (!known.includes(field)) refuse(field, tellOption("not_api_field", { similar: similarTo(field, known) }));
    else if (!isPlace || counted(place) !== counted(field)) refuse(field, tellOption("not_wire_place"));
  }
  if (issues.size > 0) return [...issues.values()];
  const tables = tablesOf(fields as Record<string, string>, (field) => refuse(field, tellOption("place_contradicts")));
  const taken: { readonly field: string; readonly body: string; readonly place: string }[] = [];
  // Fields that move come last, so that they are the ones that are refused.
  const all = [...known, ...customFields].sort((a, b) => Number(a in fields) - Number(b in fields));
  for (const field of all) {
    const [body, steps] = split(field);
    const place = `${placeOf(steps, tables.get(body)?.sent ?? new Map()).join(".")}.`;
    const other = taken.find(
      (one) => one.body === body && (one.place.startsWith(place) || place.startsWith(one.place)),
    );
    if (other && field in fields) refuse(field, tellOption("place_taken", { other: other.field }));
    taken.push({ field, body, place });
  }
  return [...issues.values()];
}

function moved(value: unknown, moves: Moves): unknown {
  let result: unknown;
  const visit = (node: unknown, steps: Steps, at: readonly number[]): void => {
    const inner = typeof node === "object" && node !== null ? Object.entries(node) : [];
    const isList = Array.isArray(node);
    for (const [name, child] of inner) {
      visit(child, [...steps, isList ? LIST : name], isList ? [...at, Number(name)] : at);
    }
    const to = placeOf(steps, moves);
    // Null at the place of an object's only field means that there is no object.
    const isAbsent = node === null && to.length > steps.length;
    if (inner.length === 0 && !isAbsent) result = put(result, to, [...at], node);
  };
  visit(value, [], []);
  return result;
}

function put(into: unknown, [step, ...rest]: Steps, at: number[], value: unknown): unknown {
  if (step === undefined) return into ?? value;
  const isBranch = typeof into === "object" && into !== null;
  const branch = (isBranch ? into : step === LIST ? [] : {}) as Record<string | number, unknown>;
  const name = step === LIST ? (at.shift() ?? 0) : step;
  if (name !== "__proto__") branch[name] = put(Object.hasOwn(branch, name) ? branch[name] : undefined, rest, at, value);
  return branch;
}

interface Read {
  readonly status: number;
  readonly data: unknown;
}

export interface Envelope {
  readonly item?: string | undefined;
  readonly list?: string | undefined;
}

// Between the package's fields and those of the wire. Names in a refusal become the package's, too.
export class WireForm {
  readonly #tables: ReadonlyMap<string, Tables>;
  readonly #envelope: Envelope;

  constructor(fields: Readonly<Record<string, string>>, envelope: Envelope) {
    this.#tables = tablesOf(fields);
    this.#envelope = envelope;
  }

  write(body: string, text: string): string {
    const moves = this.#tables.get(body)?.sent;
    return moves ? JSON.stringify(moved(JSON.parse(text), moves)) : text;
  }

  sent(body: string, value: unknown): unknown {
    return JSON.parse(this.write(body, JSON.stringify(value)));
  }

  read<T extends Read>(body: string, answer: T): T {
    const moves = this.#tables.get(body)?.read ?? new Map();
    if (answer.status >= 400) return moves.size > 0 ? { ...answer, data: named(answer.data, moves) } : answer;
    const place = body === "profiles" || body === "countries" ? this.#envelope.list : this.#envelope.item;
    const data = valueAt(answer.data, place ?? "") ?? answer.data;
    return { ...answer, data: moves.size > 0 ? moved(data, moves) : data };
  }
}

function named(error: unknown, moves: Moves): unknown {
  if (Array.isArray(error)) return error.map((one) => named(one, moves));
  if (!isObject(error)) return error;
  return Object.fromEntries(
    Object.entries(error).map(([name, value]) => {
      if (POINTER_NAMES.has(name) && typeof value === "string") return [name, pointed(value, moves)];
      const isMap = CONTAINER_NAMES.has(name) && isObject(value);
      return [name, isMap ? moved(value, moves) : named(value, moves)];
    }),
  );
}

function pointed(pointer: string, moves: Moves): string {
  const at: string[] = [];
  const steps = pointer.split(/[./[\]]+/).flatMap((part) => {
    if (!/^\d+$/.test(part)) return WRAPPERS.has(part) ? [] : [part];
    at.push(part);
    return [LIST];
  });
  const to = placeOf(steps, moves);
  return textOf(to) === textOf(steps) ? pointer : to.map((step) => (step === LIST ? at.shift() : step)).join(".");
}
