import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/client-state.ts";
import type { OpleadField } from "../core/fields.ts";
import { valueAt } from "../core/issues.ts";
import { POINTER_NAMES, WRAPPERS } from "../core/redact.ts";
import { isObject } from "../core/values.ts";
import { RULES, type RuleName } from "../rules/rules.ts";
import { ABOUT_CONTENT } from "./collected-facts.ts";
import { NAMES } from "./names.ts";
import {
  otherRulePaths,
  type ProbeOptions,
  type ProbeRequest,
  REQUESTS,
  readProbeOptions,
  rulePathsOf,
  setRule,
} from "./options.ts";
import { Prober, type Reply } from "./prober.ts";

// A line of `platform` with what it was concluded from. No value of a user.
export interface Proposal {
  readonly line: `fields.${OpleadField}` | `rulePaths.${RuleName}` | `envelope.${"item" | "list"}` | "customFields";
  readonly value: string;
  readonly isSure: boolean;
  // Request and status.
  readonly evidence: string;
}

export interface Proposals {
  readonly lines: readonly Proposal[];
  // True if the platform took a user without any field: nothing else is sent.
  readonly takesAnything: boolean;
  readonly requests: number;
}

const CODES = "code ref id key iso identifier";
const LABELS = "label name title";

// No body can be accepted: the first lacks all fields, and the second the login.
const NOTHING = JSON.stringify({ address: { country: {} }, profile: {} });
const CONTROL = "oplead_probe";

export async function proposePlatform(oplead: Oplead, options: ProbeOptions = {}): Promise<Proposals> {
  const { transport } = internalsOf(oplead);
  const { settings } = transport;
  const existing = readProbeOptions(options, settings);
  const raw = transport.with({ ...settings, wire: undefined, testMode: true });
  const prober = new Prober(raw, 40, [], options.signal);
  const lines: Proposal[] = [];
  const add = (reply: Reply, request: ProbeRequest, line: Proposal["line"], value: string, isSure = true): void => {
    const evidence = `${request.method} ${request.path}${request.testMode ? "?test=true" : ""} (${reply.status})`;
    if (line === "customFields" || !lines.some((one) => one.line === line))
      lines.push({ line, value, isSure, evidence });
  };
  const missing = await prober.ask(REQUESTS.noUser, {}, NOTHING);
  if (!missing || !ABOUT_CONTENT.has(missing.status))
    return { lines, takesAnything: missing?.isSuccess === true, requests: prober.requests };
  for (const request of [REQUESTS.profiles, REQUESTS.countries, REQUESTS.country]) {
    const reply = await prober.ask(request, { code: "FR" });
    if (reply?.isSuccess) readReference(reply.answer?.data, request.about, (...line) => add(reply, request, ...line));
  }
  for (const [pointer] of problemsIn(missing.answer?.data)) {
    const field = fieldAt(pointer);
    if (!field) add(missing, REQUESTS.noUser, "customFields", pointer, false);
    else if (pointer !== field) add(missing, REQUESTS.noUser, `fields.${field}`, pointer);
  }
  const { body, candidates } = everyName(lines);
  const tried = await prober.ask(REQUESTS.everyName, {}, body);
  const problems = new Map(problemsIn(tried?.answer?.data));
  const unknown = problems.get(CONTROL);
  // A platform that ignores unknown fields does not tell which it knows.
  for (const [field, names] of unknown === undefined ? [] : candidates) {
    const [own = "", ...taken] = names.filter((name) => problems.get(name) !== unknown);
    if (own !== "" && own !== names[0] && tried)
      add(tried, REQUESTS.noUser, `fields.${field}`, own, taken.length === 0);
  }
  const { accountNumber, rules } = existing ?? { accountNumber: "", rules: [] };
  for (const { name, body } of rules) {
    for (const path of new Set([...rulePathsOf(name, settings.rulePaths[name]), ...otherRulePaths(name)])) {
      const request = setRule(name, path);
      const reply = await prober.ask(request, { id: accountNumber }, JSON.stringify(body));
      if (!reply || !(reply.isSuccess || ABOUT_CONTENT.has(reply.status))) continue;
      if (path !== (settings.rulePaths[name] ?? RULES[name].path)) add(reply, request, `rulePaths.${name}`, path);
      const [field] = problemsIn(reply.answer?.data).find(([place]) => place !== "maxDistance") ?? [];
      if (field && name === "maxDistance") add(reply, request, "fields.maxDistance.maxDistance", field);
      break;
    }
  }
  return { lines, takesAnything: false, requests: prober.requests };
}

type Add = (line: Proposal["line"], value: string, isSure?: boolean) => void;

function readReference(data: unknown, about: string, add: Add): void {
  if (about === "country") {
    const place = isObject(data) && isObject(data.data) ? "data" : "";
    if (place !== "") add("envelope.item", place);
    const country = valueAt(data, place);
    const names = nameOf(country, CODES);
    if (names && names !== "code") add("fields.country.code", names);
    const label = nameOf(country, LABELS);
    if (label && label !== "label") add("fields.country.label", label);
    const [list, counties] = listIn(country) ?? ["counties", []];
    const [county] = counties;
    readItem(county, `country.counties[]`, `${list}[]`, add, "number", "number code id");
    const [zips] = listIn(county) ?? [];
    if (zips && (zips !== "postCodeZips" || list !== "counties"))
      add("fields.country.counties[].postCodeZips[]", `${list}[].${zips}[]`);
    return;
  }
  const found = Array.isArray(data) ? (["", data] as const) : listIn(data);
  if (!found) return;
  const [place, items] = found;
  if (place !== "") add("envelope.list", place);
  readItem(items[0], `${about}[]`, "[]", add, "code", CODES);
  const parent = items.map((item) => Object(item).parent).find((one) => one != null);
  if (about === "profiles" && typeof parent === "string") add("fields.profiles[].parent.code", "[].parent");
}

function listIn(value: unknown): [name: string, items: unknown[]] | undefined {
  return Object.entries<unknown[]>(Object(value)).find(([, inner]) => Array.isArray(inner));
}

function readItem(item: unknown, own: string, there: string, add: Add, key: string, keys: string): void {
  for (const [name, names] of [
    [key, keys],
    ["label", LABELS],
  ] as const) {
    const found = nameOf(item, names);
    const field = `${own}.${name}` as OpleadField; // of reference data, as `readReference` names it
    if (found && `${there}.${found}` !== field.replace(/^\w+(?=\[\]\.(?:code|label)$)|^country\./, ""))
      add(`fields.${field}`, `${there}.${found}`);
  }
}

function nameOf(value: unknown, names: string): string | undefined {
  return names.split(" ").find((name) => isObject(value) && typeof value[name] === "string");
}

// Paths of fields in a refusal, with dots, and what the refusal says of each, without the path.
function problemsIn(body: unknown): [path: string, says: string][] {
  if (Array.isArray(body)) return body.flatMap(problemsIn);
  if (!isObject(body)) return [];
  return Object.entries(body).flatMap(([name, value]) => {
    if (!POINTER_NAMES.has(name) || typeof value !== "string") return problemsIn(value);
    const path = value.split(/[./[\]]+/).filter((part) => !WRAPPERS.has(part));
    const says = JSON.stringify(body).replaceAll(String(path.at(-1)), "");
    return path.every((part) => /^[A-Za-z]\w{0,40}$/.test(part)) ? [[path.join("."), says]] : [];
  });
}

function fieldAt(pointer: string): OpleadField | undefined {
  const parts = pointer.split(".");
  const isInside = parts[0] === "address" && parts.length > 1;
  const name = String(parts[isInside ? 1 : 0]);
  const found = Object.entries(NAMES).find(
    ([field, names]) => field.startsWith("address.") === isInside && names.split(" ").includes(name),
  );
  return found?.[0] as OpleadField | undefined; // a key of NAMES
}

function everyName(known: readonly Proposal[]) {
  const candidates = new Map<OpleadField, string[]>();
  for (const [field, names] of Object.entries(NAMES)) {
    const isOpen = !field.includes(".") && field !== "login" && !known.some(({ line }) => line === `fields.${field}`);
    if (isOpen) candidates.set(field as OpleadField, names.split(" ")); // a key of NAMES
  }
  const all = [...candidates.values()].flat().map((name) => [name, "OPLEAD-PROBE"]);
  return { candidates, body: JSON.stringify({ ...Object.fromEntries(all), [CONTROL]: "OPLEAD-PROBE" }) };
}
