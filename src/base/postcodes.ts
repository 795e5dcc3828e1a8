/** Registered, because a program may load the package twice, as ESM and as CommonJS. */
const KEY = Symbol.for("oplead-sdk.postcodes");

const globals = globalThis as { [KEY]?: Map<string, ReadonlySet<string>> | undefined };

/** Notes the postcodes of a country, for checks where the platform lists none. */
export function notePostcodes(country: string, postcodes: Iterable<string>): void {
  globals[KEY] ??= new Map();
  globals[KEY].set(country, new Set(postcodes));
}

/** The postcodes of a country whose table was loaded; undefined for others. */
export function notedPostcodes(country: string): ReadonlySet<string> | undefined {
  return globals[KEY]?.get(country);
}
