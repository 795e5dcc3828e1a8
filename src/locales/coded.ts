// Parameters are printed with their text, so they hold no more personal data than it.
// A text without parameters is a string.
export type Text = string | ((parameters: never) => string);

export type Texts = { readonly [code: string]: Text };

/** A message for programs and for people: `code` names it, and its text is made from `parameters`. */
export interface Coded<Code extends string = string, Parameters = Record<string, never>> {
  readonly code: Code;
  readonly parameters: Parameters;
  /** English, even if a page or a report is in another language. */
  readonly message: string;
}

// A text that is missing, or takes other parameters, is a compile error.
export type TextsLike<T extends Texts> = {
  readonly [Code in keyof T]: T[Code] extends string ? string : (parameters: ParametersOf<T, Code>) => string;
};

// The type is mapped, so that an editor shows the fields and not the name that a table gives them.
export type ParametersOf<T extends Texts, Code extends keyof T> = T[Code] extends (
  parameters: infer Parameters,
) => string
  ? { [Name in keyof Parameters]: Parameters[Name] }
  : Record<string, never>;

export type ToldBy<T extends Texts, Code extends keyof T = keyof T> = {
  // `Coded` costs a consumer's compiler 15 instantiations a code.
  readonly [One in Code & string]: {
    readonly code: One;
    readonly parameters: ParametersOf<T, One>;
    readonly message: string;
  };
}[Code & string];

export type ToldWith<T extends Texts, Facts> = {
  readonly [One in keyof T & string]: Coded<One, ParametersOf<T, One>> & Facts;
}[keyof T & string];

// A message whose code may be unknown here, because a newer version wrote it.
export type AnyCoded = { readonly code: string; readonly parameters?: unknown; readonly message: string };

export type Given<T extends Texts, Code extends keyof T> = T[Code] extends string
  ? readonly []
  : readonly [parameters: ParametersOf<T, Code>];

// This type has a name, so that declaration files do not repeat the types of all parameters.
export type Teller<T extends Texts> = <Code extends keyof T>(code: Code, ...given: Given<T, Code>) => ToldBy<T, Code>;

export function tellerOf<T extends Texts>(texts: T): Teller<T> {
  return (code, ...given) => {
    const [parameters = {}] = given;
    // Safe: the signature gives the parameters that belong to the code.
    return { code, parameters, message: textWith(texts[code] ?? "", parameters) } as ToldBy<T, typeof code>;
  };
}

// Parameters are those of the text, if they come from this version.
export function textWith(text: Text, parameters: unknown): string {
  return typeof text === "function" ? text(parameters as never) : text;
}

export type Strings<Names extends string> = { readonly [Name in Names]: string };

export type Perhaps<Names extends string> = { readonly [Name in Names]: string | undefined };

export type Numbers<Names extends string> = { readonly [Name in Names]: number };

export type Lists<Names extends string> = { readonly [Name in Names]: readonly string[] };

// A code of another version keeps its message.
export function toldBy(tables: readonly Texts[], { code, parameters, message }: AnyCoded): string {
  const text = tables.find((texts) => Object.hasOwn(texts, code))?.[code];
  if (text === undefined || parameters === undefined) return message;
  try {
    return textWith(text, parameters);
  } catch {
    // A saved plan that was altered, or is of another version, may lack parameters.
    return message;
  }
}
