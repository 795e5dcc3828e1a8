/**
 * Makes the function that names a country by its code: `France` for `FR`. A text that is not the code of a country
 * stays as it is. `Intl` is not used before the first name, because making its objects takes milliseconds.
 */
export function countryNames(locale: string): (code: string) => string {
  let names: Intl.DisplayNames | undefined;
  return (code) => {
    // Intl also names groups of countries and an unknown region.
    if (!/^(?!EU|UN|ZZ)[A-Z]{2}$/.test(code)) return code;
    names ??= new Intl.DisplayNames(locale, { type: "region" });
    return names.of(code) ?? code;
  };
}

/** The name of a country in French, without an article. */
export const countryInFrench: (code: string) => string = /* @__PURE__ */ countryNames("fr");
