/**
 * Texts by their code, in one language: `{ too_long: ({ max }: { max: number }) => "…" }`. Parameters are printed
 * together with their text, so they hold no more personal data than the text does.
 */
export type Texts = { readonly [code: string]: (parameters: never) => string };

/**
 * A message for programs and for people. `code` names the message. Its text is made from `parameters`, which is an
 * empty object if the text needs none.
 */
export interface Coded<Code extends string = string, Parameters = Record<string, never>> {
  readonly code: Code;
  readonly parameters: Parameters;
  /** The text in English, even if a page or a report is in another language. */
  readonly message: string;
}

/** The same texts in another language. A text that is missing, or takes other parameters, is a compile error. */
export type TextsLike<T extends Texts> = { readonly [Code in keyof T]: (...given: Given<T, Code>) => string };

// Mapped, so that an editor and the report of the API show the fields and not the name that a table gives them.
export type ParametersOf<T extends Texts, Code extends keyof T> = T[Code] extends () => string
  ? Record<string, never>
  : T[Code] extends (parameters: infer Parameters) => string
    ? { [Name in keyof Parameters]: Parameters[Name] }
    : never;

/** The messages that these texts make. */
export type ToldBy<T extends Texts, Code extends keyof T = keyof T> = {
  readonly [One in Code & string]: Coded<One, ParametersOf<T, One>>;
}[Code & string];

/** A message whose code may be unknown to this version, for example because a newer version wrote it. */
export type AnyCoded = { readonly code: string; readonly parameters?: unknown; readonly message: string };

/** The arguments of a text: its parameters, or nothing if it has none. */
export type Given<T extends Texts, Code extends keyof T> = T[Code] extends () => string
  ? readonly []
  : readonly [parameters: ParametersOf<T, Code>];

/**
 * Makes a message from its code and parameters. This type has a name because a declaration file would otherwise repeat
 * the types of all parameters.
 */
export type Teller<T extends Texts> = <Code extends keyof T>(code: Code, ...given: Given<T, Code>) => ToldBy<T, Code>;

/** Returns the function that makes messages from these texts: `tellUser("too_long", { max: 40 })`. */
export function tellerOf<T extends Texts>(texts: T): Teller<T> {
  return (code, ...given) => {
    const [parameters = {}] = given;
    // The cast is safe: the signature makes sure that the parameters belong to the code, but the compiler cannot see
    // this in generic code.
    return { code, parameters, message: texts[code]?.(parameters as never) } as ToldBy<T, typeof code>;
  };
}

/** Parameters that are all of type string: `Strings<"file" | "row">`. */
export type Strings<Names extends string> = { readonly [Name in Names]: string };

/** Parameters that are text or undefined. */
export type Perhaps<Names extends string> = { readonly [Name in Names]: string | undefined };

/** Parameters that are all numbers. */
export type Numbers<Names extends string> = { readonly [Name in Names]: number };

/** Parameters that are all lists. */
export type Lists<Names extends string> = { readonly [Name in Names]: readonly string[] };

/**
 * The message in another language, made by the first table that has its code. If no table has the code, because it
 * comes from another version, the message stays as it is.
 */
export function toldBy(tables: readonly Texts[], { code, parameters, message }: AnyCoded): string {
  const text = tables.find((texts) => Object.hasOwn(texts, code))?.[code];
  if (text === undefined || parameters === undefined) return message;
  try {
    return text(parameters as never);
  } catch {
    // A saved plan that was altered, or is of another version, may lack parameters that the text needs.
    return message;
  }
}

/** The names that these texts give to codes. */
export function namesIn(texts: { readonly [code: string]: () => string }): { readonly [code: string]: string } {
  return Object.fromEntries(Object.entries(texts).map(([code, text]) => [code, text()]));
}
