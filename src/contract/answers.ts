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

/** A user in an answer to a write. */
export interface AnsweredUser {
  /** The Oplead ID as text; undefined if the answer has no usable ID. */
  readonly id: string | undefined;
  /** Why the answer's ID cannot be used; undefined if it can be used. */
  readonly problem: string | undefined;
  readonly user: Readonly<Record<string, unknown>>;
}

/** The user in an answer to a write, with the Oplead ID that is found at `idField`. */
export function userOf(answer: Answer, idField: string): AnsweredUser {
  const leaf = idField.slice(idField.lastIndexOf(".") + 1);
  for (const user of candidates(answer, idField.slice(0, -leaf.length - 1))) {
    if (!isObject(user)) continue;
    // `parseJson` gives an integer as text if a JavaScript number cannot hold it exactly.
    const id: unknown = valueAt(user, leaf);
    if (!isId(id)) continue;
    const problem = pathValueProblem(id)?.message;
    return { id: problem === undefined ? String(id) : undefined, problem, user };
  }
  return { id: undefined, problem: undefined, user: isObject(answer.data) ? answer.data : {} };
}

/** The probable reason why an answer has no ID, and what to do. Names fields, never values. */
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
  return `its answer has no \`${idField}\` to keep. If Oplead's ID is called otherwise there, give createOplead idField: ${advice}`;
}

const ID_LIKE = /^[A-Za-z_]{0,24}(?:id|Id|ID|uuid|[Ii]dentifi(?:er|cation))$/;

/** The profiles in an answer; undefined if the answer is no list of profiles. */
export function profilesOf(answer: Answer): readonly UserProfile[] | undefined {
  return candidates(answer, PLACES.profiles)
    .find(isList)
    ?.map((profile) => labelled(profile, "code", "parent"));
}

/** The countries in an answer; undefined if the answer is no list of countries. */
export function countriesOf(answer: Answer): readonly Country[] | undefined {
  return candidates(answer, PLACES.countries)
    .find(isList)
    ?.map((country) => labelled(country, "code"));
}

/** The country in an answer; undefined if the answer is no country with counties. */
export function countryOf(answer: Answer): CountryDetails | undefined {
  const country = candidates(answer, PLACES.country).find(isCountry);
  if (!country) return undefined;
  const counties = country.counties.map((county) => labelled(county, "number", "postCodeZips"));
  return { ...labelled(country, "code"), counties };
}

/**
 * Checks only the fields that every item needs. The label is not checked, because `labelled` gives a label to an item
 * without one.
 */
const isList = /* @__PURE__ */ isLike<(Profile & ListedCountry)[]>(() => z.array(z.object({ code: text() })));
const isCountry = /* @__PURE__ */ isLike<OneCountry>(() =>
  z.object({ code: text(), counties: z.array(z.object({ number: text() })) }),
);

/**
 * The values that may be the content of an answer: the value at the place named in the document, the answer itself, and
 * its field `data`, because many APIs wrap their answers.
 */
function candidates(answer: Answer, place: string): unknown[] {
  return [place, "", "data"].map((candidate) => valueAt(answer.data, candidate));
}

/**
 * An item of an answer, changed so that it fits its type: if the label is missing, the code is used as the label, and
 * the field that `optional` names is left out if it is null.
 */
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
