import { number } from "../../wording/words.ts";

/** Problems of any value: a sentence without its subject, which is the path. */
export const VALUES = {
  required: () => "is required",
  empty: () => "must not be empty",
  not_text: () => "must be text",
  lost_zero: () => "must be text: a leading zero was probably lost",
  not_boolean: () => "must be true or false",
  not_number: ({ min, max }: Range) => `must be a number from ${number(min)} to ${number(max)}`,
  not_whole_number: ({ min, max }: Range) => `must be a whole number from ${number(min)} to ${number(max)}`,
  not_function: () => "must be a function",
  not_object: () => "must be an object",
  not_list: () => "must be a list",
  not_one_of: ({ allowed }: { readonly allowed: readonly (string | number | boolean)[] }) =>
    `must be ${allowed.map((value) => JSON.stringify(value)).join(" or ")}`,
  unknown_option: ({ known }: { readonly known: readonly string[] }) =>
    `is not an option: there are ${known.join(", ")}`,
  unreadable: () => "cannot be read: one of its fields throws an error",
  not_json: () => "cannot be written as JSON",
  invalid: () => "is not valid",
  not_text_or_number: () => "must be text or a whole number",
  dots_only: () => 'must not be "." or "..", which mean another path',
  not_unicode: () => "is not valid Unicode",
  not_country_code: () => 'must be the two-letter country code in capitals, for example "FR"',
  pino_unwrapped: () => "is pino, which would drop the fields: pass pinoLogger(pino)",
  not_logger: () => "must be a logger with debug, info, warn and error",
  not_signal: () => "must be an AbortSignal",
};

export interface Range {
  readonly min: number;
  readonly max: number;
}
