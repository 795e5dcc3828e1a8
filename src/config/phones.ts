import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/min";

// One numbering plan, six calling codes: 0692… of a user in France is a number of La Réunion.
const OVERSEAS: readonly (readonly [string, RegExp])[] = [
  ["+590", /^\+33(?=590|69[01])/],
  ["+594", /^\+33(?=[56]94)/],
  ["+596", /^\+33(?=596|69[67])/],
  ["+262", /^\+33(?=26[239]|639|69[23])/],
];

export function toE164(text: string, country: string | undefined): string | undefined {
  // `612345678.0` comes from programs that take a phone number for a number.
  const read = parsePhoneNumberFromString(text.replace(/^(\d+)[.,]0+$/, "$1"), {
    // Safe: an unknown country counts as none.
    ...(country !== undefined && { defaultCountry: country as CountryCode }),
    extract: false,
  });
  if (!read?.isValid() || read.ext !== undefined) return undefined;
  const found = OVERSEAS.find(([, form]) => form.test(read.number));
  return found ? read.number.replace("+33", found[0]) : read.number;
}
