import type { FakeOperation } from "./api.ts";
import { isObject } from "./arguments.ts";
import type { FakeOpleadOptions } from "./types.ts";

type Platform = NonNullable<FakeOpleadOptions["platform"]>;

// Names and places of fields that the fake's platform has on the wire.
export interface Wire {
  readonly toUsual: (operation: FakeOperation | undefined, body: unknown) => unknown;
  readonly toWire: (operation: FakeOperation | undefined, status: number, body: unknown) => unknown;
}

type Move = readonly [from: RegExp, to: string];

const USER = /^(?:create|update)User$/;

export function wireOf({ fields = {}, envelope = {} }: Platform = {}): Wire {
  const movesOf = (operation: FakeOperation | undefined, back: boolean): Move[] => {
    const pairs = Object.entries(fields).flatMap(([field, place]) => {
      const own = ownPart(field, operation);
      return own === undefined ? [] : [back ? ([place, own] as const) : ([own, place] as const)];
    });
    return pairs.flatMap(([from, to]) => moves(from, to)).sort(([a], [b]) => b.source.length - a.source.length);
  };
  return {
    toUsual: (operation, body) => rename(body, movesOf(operation, true)),
    toWire(operation, status, body) {
      const there = movesOf(operation, false);
      if (status >= 400) return isObject(body) ? withNames(body, there) : body;
      const renamed = rename(body, there);
      const place = Array.isArray(body) ? envelope.list : envelope.item;
      return (place?.split(".") ?? []).reduceRight<unknown>((inner, name) => ({ [name]: inner }), renamed);
    },
  };
}

const OTHERS: Readonly<Partial<Record<FakeOperation, string>>> = {
  listUserProfiles: "profiles",
  listCountries: "countries",
  getCountry: "country",
};

function ownPart(field: string, operation: FakeOperation | undefined): string | undefined {
  const [, prefix = "", rest = ""] = /^(\w+)\.?(.*)$/.exec(field) ?? [];
  const bodies = [
    ...Object.values(OTHERS),
    "geographical",
    "maxDistance",
    "competences",
    "contactProfiles",
    "profileTypes",
  ];
  if (!bodies.includes(prefix) || (prefix === "country" && rest === "")) {
    return operation !== undefined && USER.test(operation) ? field : undefined;
  }
  const rule = `set${prefix.charAt(0).toUpperCase()}${prefix.slice(1)}Rule`;
  return operation !== undefined && (OTHERS[operation] === prefix || operation === rule) ? rest : undefined;
}

// Paths with numbers for items: `counties.0.number`.
function moves(from: string, to: string): Move[] {
  const form = (path: string, end: string) =>
    new RegExp(
      `^${path
        .replaceAll("[]", ".(\\d+)")
        .replace(/^\./, "")
        .replace(/\.(?!\()/g, "\\.")}${end}`,
    );
  const target = (path: string) => {
    let count = 0;
    const item = () => {
      count += 1;
      return `.$${count}`;
    };
    return path.replace(/\[\]/g, item).replace(/^\./, "");
  };
  const ends = [...to.matchAll(/\[\]/g)].map(({ index }) => index);
  const lists = [...from.matchAll(/\[\]/g)].flatMap(({ index }, at): Move[] => {
    const end = ends[at] ?? 0;
    const [own, other] = [from.slice(0, index), to.slice(0, end)];
    return [
      [form(own, "$"), target(other)],
      [form(`${own}[]`, "(?=\\.|$)"), target(`${other}[]`)],
    ];
  });
  return [...lists, [form(from, "(?=\\.|$)"), target(to)]];
}

function placeOf(path: string, moves: readonly Move[]): string {
  const move = moves.find(([from]) => from.test(path));
  return move ? path.replace(move[0], move[1]) : path;
}

function rename(body: unknown, moves: readonly Move[]): unknown {
  if (moves.length === 0) return body;
  let result: unknown;
  const visit = (node: unknown, path: string): void => {
    const inner = typeof node === "object" && node !== null ? Object.entries(node) : [];
    for (const [name, child] of inner) visit(child, path === "" ? name : `${path}.${name}`);
    if (inner.length === 0 && node !== undefined) result = put(result, placeOf(path, moves).split("."), node);
  };
  visit(body, "");
  return result;
}

function put(into: unknown, [name = "", ...rest]: readonly string[], value: unknown): unknown {
  if (name === "") return value;
  const branch = (into ?? (/^\d+$/.test(name) ? [] : {})) as Record<string, unknown>;
  branch[name] = put(branch[name], rest, value);
  return branch;
}

function withNames(body: Readonly<Record<string, unknown>>, moves: readonly Move[]): unknown {
  if (!Array.isArray(body.errors)) return body;
  const errors = body.errors.map((error: { readonly field: string }) => ({
    ...error,
    field: placeOf(error.field, moves),
  }));
  return { ...body, errors };
}
