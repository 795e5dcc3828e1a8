import { readdir } from "node:fs/promises";

const folder = new URL("../../src/locales/", import.meta.url);

type Text = (parameters: object) => string;
type Table = Readonly<Record<string, string | Text>>;

export interface BothTexts {
  readonly subject: string;
  readonly code: string;
  readonly english: string;
  readonly french: string;
  readonly parameters: object;
}

export interface BothFunctions {
  readonly subject: string;
  readonly code: string;
  readonly english: Text;
  // The compiler does not allow it.
  readonly french: Text | undefined;
}

// Works as a number, a text and a list: only the compiler knows the types of parameters.
export function anything(amount: number): object {
  const facts = { message: "X", name: "X", zipCode: "X", km: amount };
  return Object.assign([Object.assign(new String("X"), facts)], facts, { valueOf: () => amount });
}

export async function allTexts(): Promise<BothTexts[]> {
  const value = anything(12_345);
  const parameters: object = new Proxy({}, { get: () => value });
  return (await allFunctions()).map(({ subject, code, english, french }) => {
    return { subject, code, parameters, english: english(parameters), french: french?.(parameters) ?? "" };
  });
}

export async function allFunctions(): Promise<BothFunctions[]> {
  const files = (await readdir(new URL("en/", folder), { recursive: true }))
    .filter((file) => file.endsWith(".ts"))
    .sort();
  const subjects = await Promise.all(
    files.map(async (file) => {
      const english: Record<string, Table> = await import(new URL(`en/${file}`, folder).href);
      const french: Record<string, Table> = await import(new URL(`fr/${file}`, folder).href);
      // `COMMAND` only combines the other tables of the command.
      const tables = Object.entries(english).filter(([name]) => name !== "COMMAND");
      return tables.flatMap(([name, texts]) =>
        Object.entries(texts).map(([code, text]): BothFunctions => {
          const other = french[`${name}_FR`]?.[code];
          return {
            subject: `${file} ${name}`,
            code,
            english: sayable(text),
            french: other === undefined ? undefined : sayable(other),
          };
        }),
      );
    }),
  );
  return subjects.flat();
}

function sayable(text: string | Text): Text {
  return typeof text === "string" ? () => text : text;
}
