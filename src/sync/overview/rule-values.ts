import { isObject } from "../../core/values.ts";
import type { RulePartsInWords } from "../../locales/en/overview.ts";
import type { ChangedRule } from "../types/records.ts";

interface RulePart {
  readonly kind: keyof RulePartsInWords;
  readonly name: string;
  // Key of the range that a request type belongs to.
  readonly of?: string;
}

export interface RuleDifference {
  readonly added: readonly RulePart[];
  readonly removed: readonly RulePart[];
}

export type CodeLabels = Readonly<Record<string, string>>;

export function radiusIn(body: unknown): number | undefined {
  return isObject(body) && typeof body.maxDistance === "number" ? body.maxDistance : undefined;
}

// Undefined if the old value is not known.
export function differenceOf({ was, now }: ChangedRule, labels: CodeLabels): RuleDifference | undefined {
  if (was === undefined) return undefined;
  const [before, after] = [partsOf(was, labels), partsOf(now, labels)];
  const missingIn = (other: ReadonlyMap<string, RulePart>, parts: ReadonlyMap<string, RulePart>): RulePart[] => {
    return [...parts].flatMap(([key, part]) => {
      const isTold = part.of !== undefined && !other.has(part.of);
      return other.has(key) || isTold ? [] : [part];
    });
  };
  return { added: missingIn(before, after), removed: missingIn(after, before) };
}

export function partsByKind(parts: readonly RulePart[]): RulePartsInWords {
  const of = (kind: RulePart["kind"]) => parts.filter((part) => part.kind === kind).map(({ name }) => name);
  return { countries: of("countries"), counties: of("counties"), postcodes: of("postcodes"), codes: of("codes") };
}

function partsOf(body: unknown, labels: CodeLabels): ReadonlyMap<string, RulePart> {
  const parts = new Map<string, RulePart>();
  const add = (kind: RulePart["kind"], name: string, key = name): void => {
    parts.set(`${kind} ${key}`, { kind, name });
  };
  for (const entry of Array.isArray(body) ? body : []) {
    const codes = leavesOf(entry);
    const [code = ""] = codes;
    add("codes", labelOf(code, labels), code);
    if (codes.length === 1) continue;
    const name = codes.map((one) => labelOf(one, labels)).join(" × ");
    parts.set(`codes ${codes.join(" × ")}`, { kind: "codes", name, of: `codes ${code}` });
  }
  for (const country of listIn(body, "handledCountries")) {
    const code = leavesOf(valueIn(country, "handledCountry"))[0] ?? "";
    const counties = listIn(country, "handledCounties");
    if (counties.length === 0) add("countries", code);
    for (const county of counties) {
      const number = leavesOf(valueIn(county, "handledCounty"))[0] ?? "";
      const zips = leavesOf(valueIn(county, "handledPostCodeZips"));
      if (zips.length === 0) add("counties", number, `${code} ${number}`);
      for (const zip of zips) add("postcodes", zip, `${code} ${zip}`);
    }
  }
  return parts;
}

function valueIn(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = valueIn(value, key);
  return Array.isArray(list) ? list : [];
}

export function leavesOf(value: unknown): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}

export function valuesIn(body: unknown, labels: CodeLabels): readonly string[] {
  const radius = radiusIn(body);
  if (radius !== undefined) return [String(radius)];
  return [...partsOf(body, labels).values()].filter(({ of }) => of === undefined).map(({ name }) => name);
}

function labelOf(code: string, labels: CodeLabels): string {
  return Object.hasOwn(labels, code) ? (labels[code] ?? code) : code;
}
