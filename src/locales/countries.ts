// `Intl` is used at the first name, because making its objects takes milliseconds.
let names: Intl.DisplayNames | undefined;

// The name has no article.
export function countryInFrench(code: string): string {
  // Intl also names groups of countries and an unknown region.
  if (!/^(?!EU|UN|ZZ)[A-Z]{2}$/.test(code)) return code;
  names ??= new Intl.DisplayNames("fr", { type: "region" });
  return names.of(code) ?? code;
}
