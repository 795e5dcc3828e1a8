// `platform` as a document implies it.
import { FIELDS, PLACE, split, textOf } from "../../src/core/fields.ts";
import { bySetRuleOperation } from "../../src/testing/user.ts";
import type { Platform } from "../../src/transport/options.ts";
import { operationsIn } from "./compare.ts";
import { counterparts, inner } from "./compare-fields.ts";
import { type FakeOperation, labelOfRelied, operationNames, readFacts } from "./facts.ts";
import { bodyOf, type Operation, operationsOf, successOf, type Tree, viewOf } from "./view.ts";

export type FoundPlatform = ReturnType<typeof platformIn>;

const BODIES: Readonly<Record<FakeOperation, string | undefined>> = {
  createUser: "user",
  updateUser: undefined,
  ...bySetRuleOperation((rule) => rule),
  listUserProfiles: "profiles",
  listCountries: "countries",
  getCountry: "country",
};

// `missing`: what the package sends or asks for, and the document lacks. `operations`: by `user` or the rule's name.
export function platformIn(ours: Tree, theirs: Tree) {
  const [before, after, labels] = [operationsOf(ours), operationsOf(theirs), operationsIn(ours, theirs)];
  const { auth, idField, places } = readFacts(theirs).facts;
  const user = idField.split(".").slice(0, -1).join(".");
  const item = user || places.country;
  const list = places.profiles || places.countries;
  const id = user === item ? idField.split(".").at(-1) : idField;

  const missing: string[] = [];
  const operations = new Map<string, Operation>();
  const schemas = new Map<string, readonly [own: unknown, other: unknown]>();
  const rulePaths: Record<string, string> = {};
  for (const name of operationNames) {
    const [label, body] = [labelOfRelied(name), BODIES[name]];
    const [own, other] = [before.get(label), after.get(labels.get(label) ?? "")];
    if (!own || !other) {
      missing.push(label);
      continue;
    }
    const { path, parameters } = other;
    const isWrite = own.method !== "get";
    if (isWrite && !parameters.some(({ name }) => name === "test")) missing.push(`${path}?test=true`);
    if (body === undefined) continue;
    operations.set(body, other);
    if (!isWrite) {
      const place = body === "country" ? item : list;
      schemas.set(body, [successOf(own, ours), inner({ schema: successOf(other, theirs), document: theirs, place })]);
      continue;
    }
    schemas.set(body, [bodyOf(own, ours), bodyOf(other, theirs)]);
    if (body !== "user" && path !== own.path) rulePaths[body] = path.replace(/\{[^}]*\}/, "{id}");
  }

  const fields: Record<string, string> = id && id !== "id" ? { id } : {};
  for (const field of FIELDS) {
    const [body, steps] = split(field);
    const [own, other] = schemas.get(body) ?? [];
    if (other === undefined || field === "id") continue;
    const place = placeOf(steps, own, other, [ours, theirs]);
    if (place === undefined || !PLACE.test(place)) missing.push(field);
    else if (place !== textOf(steps)) fields[field] = place;
  }
  const envelope = { ...(item && { item }), ...(list && { list }) };
  const found = {
    ...(auth !== "bearer" && { auth }),
    fields,
    rulePaths,
    envelope,
  };
  const given = Object.entries(found).filter(([, part]) => Object.keys(part ?? {}).length > 0);
  const platform: Platform = Object.fromEntries(given);
  return { platform, missing, operations };
}

// Undefined if their schema has no such field.
function placeOf(steps: readonly string[], own: unknown, other: unknown, [ours, theirs]: readonly Tree[]) {
  let place = "";
  for (const step of steps) {
    const [old, now] = [viewOf(own, ours as Tree), viewOf(other, theirs as Tree)];
    // A code in place of `{ code }`.
    if (step !== "[]" && old.fields.size === 1 && [...now.kinds].some((kind) => kind !== "object")) return place;
    const name = step === "[]" ? step : counterparts(old, now).get(step);
    [own, other] =
      name === "[]" ? [old.items, now.items] : [old.fields.get(step)?.schema, now.fields.get(name ?? "")?.schema];
    if (name === undefined || other === undefined) return undefined;
    place += place === "" || name === "[]" ? name : `.${name}`;
  }
  return place;
}
