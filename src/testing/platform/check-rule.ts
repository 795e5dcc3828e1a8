import type { Problem } from "../api/error-body.ts";
import { isObject } from "../is-object.ts";
import { isText } from "./is-text.ts";

const hasText = (value: unknown, key: string): boolean => isObject(value) && isText(value[key]);

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

/** Checks the shape of each rule's body, but not whether its ranges, counties or profiles exist. */
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
