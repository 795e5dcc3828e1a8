/** One reason why a body is refused. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const hasText = (value: unknown, key: string): boolean => isObject(value) && isText(value[key]);

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

const requiredOfUser = [
  "civility",
  "lastname",
  "login",
  "email",
  "address.zipCode",
  "address.city",
  "address.country.code",
  "profile.code",
];

const optionalOfUser = ["firstname", "phone", "mobile", "company", "address.street"];

/**
 * The required fields of the guide ("Prerequisites"), and the types of all that the OpenAPI document names: what is stored
 * is answered, and answers conform. Whether profile and parent exist is for the store to say.
 */
export function checkUser(body: unknown): Problem[] {
  if (!isObject(body)) return [{ field: "", message: "A JSON object is expected." }];
  const problems: Problem[] = [];
  for (const field of requiredOfUser) {
    const value = at(body, field);
    if (isAbsent(value) || value === "") problems.push({ field, message: "This is required." });
    else if (!isText(value)) problems.push({ field, message: "This must be a non-empty text." });
  }
  for (const field of optionalOfUser) {
    const value = at(body, field);
    if (value !== undefined && typeof value !== "string") problems.push({ field, message: "This must be a text." });
  }
  if (isText(body.email) && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(body.email)) {
    problems.push({ field: "email", message: "This is not a valid e-mail address." });
  }
  const { accountNumber, parentUserIdentifier } = body;
  if (!isAbsent(accountNumber) && !isText(accountNumber)) {
    problems.push({ field: "accountNumber", message: "This must be a non-empty text." });
  }
  if (!isAbsent(parentUserIdentifier) && !isText(parentUserIdentifier) && !Number.isInteger(parentUserIdentifier)) {
    problems.push({ field: "parentUserIdentifier", message: "This must be an id or an accountNumber." });
  }
  return problems;
}

const list =
  (field: string, each: (item: unknown) => boolean, message: string) =>
  (body: unknown): Problem[] =>
    Array.isArray(body) && body.every(each) ? [] : [{ field, message }];

const isCounty = (value: unknown): boolean =>
  isObject(value) &&
  hasText(value.handledCounty, "number") &&
  (value.handledPostCodeZips === undefined ||
    (Array.isArray(value.handledPostCodeZips) && value.handledPostCodeZips.every(isText)));

const isHandledCountry = (value: unknown): boolean =>
  isObject(value) &&
  hasText(value.handledCountry, "code") &&
  (value.handledCounties === undefined ||
    (Array.isArray(value.handledCounties) && value.handledCounties.every(isCounty)));

/** The shape of each rule's body, and no more: which ranges or counties exist is not looked at. */
export const checkRule = {
  geographical: (body: unknown) =>
    list(
      "handledCountries",
      isHandledCountry,
      "A list of { handledCountry: { code }, handledCounties?: [{ handledCounty: { number }, handledPostCodeZips?: [text] }] } is expected.",
    )(isObject(body) ? body.handledCountries : undefined),
  maxDistance: (body: unknown): Problem[] =>
    isObject(body) && typeof body.maxDistance === "number" && body.maxDistance >= 0
      ? []
      : [{ field: "maxDistance", message: "A number of kilometres, 0 or more, is expected." }],
  competences: list(
    "",
    (item) =>
      isObject(item) &&
      hasText(item.range, "code") &&
      (item.requestType === undefined || hasText(item.requestType, "code")),
    "A list of { range: { code }, requestType?: { code } } is expected.",
  ),
  contactProfiles: list("", (item) => hasText(item, "code"), "A list of { code } is expected."),
  profileTypes: list("", (item) => item === "pro" || item === "single", 'A list of "pro" and "single" is expected.'),
};
