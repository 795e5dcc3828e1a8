import { pathValueProblem, valueAt } from "../core/issues.ts";
import { isLike, text } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import * as z from "../core/zod.ts";
import type { Country, CountryDetails, UserProfile } from "../rules/countries.ts";
import type { Answer } from "../transport/answer.ts";
import {
  type CreatedId,
  type ListedCountry,
  type OneCountry,
  PLACES,
  type Profile,
  type UpdatedId,
} from "./contract.ts";

export interface AnsweredUser {
  // ID of the user; undefined if the answer has no usable one.
  readonly id: string | undefined;
  readonly problem: string | undefined;
  readonly user: Readonly<Record<string, unknown>>;
}

export function userOf(answer: Answer, idField: string): AnsweredUser {
  const leaf = idField.slice(idField.lastIndexOf(".") + 1);
  for (const user of candidates(answer, idField.slice(0, -leaf.length - 1))) {
    if (!isObject(user)) continue;
    // `parseJson` gives an integer as text if a JavaScript number cannot hold it exactly.
    const id: unknown = valueAt(user, leaf);
    if (!isId(id)) continue;
    const problem = pathValueProblem(id)?.message;
    return {
      id: problem === undefined ? String(id) : undefined,
      problem,
      user: leaf === "id" ? user : renamed(user, leaf),
    };
  }
  return { id: undefined, problem: undefined, user: isObject(answer.data) ? answer.data : {} };
}

function renamed(user: object, leaf: string): AnsweredUser["user"] {
  return Object.fromEntries(Object.entries(user).map(([name, value]) => [name === leaf ? "id" : name, value]));
}

// The message names fields of the answer, never values.
export function missingId(answer: Answer, idField: string): string {
  const places = Object.entries(isObject(answer.data) ? answer.data : {})
    .filter(([name, value]) => /^[A-Za-z]{1,20}$/.test(name) && isObject(value))
    .map(([name]) => `${name}.`);
  const found = ["", ...places].flatMap((place) =>
    Object.entries(valueAt(answer.data, place.slice(0, -1)) ?? {})
      .filter(([name, value]) => ID_LIKE.test(name) && isId(value))
      .map(([name]) => place + name),
  );
  const advice = found.map((name) => `"${name}"`).join(" or ") || 'the name, or a place such as "user.id"';
  return `its answer has no \`${idField}\` to keep. If Oplead's ID is called otherwise there, give createOplead platform.fields.id: ${advice}`;
}

const ID_LIKE = /^[A-Za-z_]{0,24}(?:id|Id|ID|uuid|[Ii]dentifi(?:er|cation))$/;

export function profilesOf(answer: Answer): readonly UserProfile[] | undefined {
  return candidates(answer, PLACES.profiles)
    .find(isList)
    ?.map((profile) => labelled(profile, "code", "parent"));
}

export function countriesOf(answer: Answer): readonly Country[] | undefined {
  return candidates(answer, PLACES.countries)
    .find(isList)
    ?.map((country) => labelled(country, "code"));
}

export function countryOf(answer: Answer): CountryDetails | undefined {
  const country = candidates(answer, PLACES.country).find(isCountry);
  if (!country) return undefined;
  const counties = country.counties.map((county) => labelled(county, "number", "postCodeZips"));
  return { ...labelled(country, "code"), counties };
}

const isList = /* @__PURE__ */ isLike<(Profile & ListedCountry)[]>(() => z.array(z.object({ code: text() })));
const isCountry = /* @__PURE__ */ isLike<OneCountry>(() =>
  z.object({ code: text(), counties: z.array(z.object({ number: text() })) }),
);

// Returns the places where a value may be: the one named in the document, the answer itself, and its field `data`,
// because many APIs wrap their answers.
function candidates(answer: Answer, place: string): unknown[] {
  return [place, "", "data"].map((candidate) => valueAt(answer.data, candidate));
}

// Takes the field `key` for a missing label, and leaves out the field `optional` if it is null.
function labelled<T extends { readonly label: string }>(item: T, key: keyof T, optional?: keyof T): T {
  const isNull = optional !== undefined && item[optional] === null;
  if (typeof item.label === "string" && !isNull) return item;
  const copy = { ...item, label: item.label ?? item[key] };
  if (isNull) delete copy[optional];
  return copy;
}

function isId(value: unknown): value is CreatedId | UpdatedId {
  return typeof value === "number" ? Number.isSafeInteger(value) : typeof value === "string" && value !== "";
}
