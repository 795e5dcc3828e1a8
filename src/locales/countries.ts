// `Intl` is used at the first name, because making its objects takes milliseconds.
export function countryNames(locale: string): (code: string) => string {
  let names: Intl.DisplayNames | undefined;
  return (code) => {
    // Intl also names groups of countries and an unknown region.
    if (!/^(?!EU|UN|ZZ)[A-Z]{2}$/.test(code)) return code;
    names ??= new Intl.DisplayNames(locale, { type: "region" });
    return names.of(code) ?? code;
  };
}

// The name has no article.
export const countryInFrench: (code: string) => string = /* @__PURE__ */ countryNames("fr");
