/**
 * Texts by their code, in one language: `{ too_long: ({ max }: { max: number }) => "…" }`. Parameters are printed together with their
 * text, so they hold no more personal data than the text does.
 */
export type Texts = { readonly [code: string]: (parameters: never) => string };

/** The same texts in another language. A text that is missing, or takes other parameters, is a compile error. */
export type TextsLike<T extends Texts> = { readonly [Code in keyof T]: (...given: Given<T, Code>) => string };

/** The parameters of a text; an empty object if it takes none. */
export type ParametersOf<T extends Texts, Code extends keyof T> = T[Code] extends () => string
  ? Readonly<Record<string, never>>
  : Parameters<T[Code]>[0];

/** Something to tell, for programs and for people: the message is made of code and parameters. */
export type Coded<T extends Texts, Code extends keyof T = keyof T> = {
  readonly [One in Code]: {
    readonly code: One;
    readonly parameters: ParametersOf<T, One>;
    readonly message: string;
  };
}[Code];

/** Something to tell with a code that may be unknown here, for example from a newer version. */
export type AnyCoded = { readonly code: string; readonly parameters?: unknown; readonly message: string };

/** The parameters as an argument, which texts without parameters do not have. */
export type Given<T extends Texts, Code extends keyof T> = T[Code] extends () => string
  ? readonly []
  : readonly [parameters: ParametersOf<T, Code>];

/** Tells something by its code. A named type, because declarations cannot print the types of all parameters. */
export type Teller<T extends Texts> = <Code extends keyof T>(code: Code, ...given: Given<T, Code>) => Coded<T, Code>;

/** Gives the function that tells by these texts: `tellUser("too_long", { max: 40 })`. */
export function tellerOf<T extends Texts>(texts: T): Teller<T> {
  return (code, ...given) => {
    const [parameters = {}] = given;
    // The signature makes sure that these are the parameters of this code; the compiler cannot see it in a generic body.
    return { code, parameters, message: texts[code]?.(parameters as never) } as Coded<T, typeof code>;
  };
}

/** Parameters that are all texts: `Strings<"file" | "row">`. */
export type Strings<Names extends string> = { readonly [Name in Names]: string };

/** Parameters that are all numbers. */
export type Numbers<Names extends string> = { readonly [Name in Names]: number };

/** Parameters that are all lists. */
export type Lists<Names extends string> = { readonly [Name in Names]: readonly string[] };

/** The message in another language, from the first table that has the code. A code of another version, which no table has, keeps its message. */
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
