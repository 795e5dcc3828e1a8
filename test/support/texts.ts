import { readdir } from "node:fs/promises";

const folder = new URL("../../src/locales/", import.meta.url);

type Text = (parameters: object) => string;

/** A text by its code, in both languages. */
export interface BothTexts {
  /** The file and the constant that it is in: `sync.ts WARNINGS`. */
  readonly subject: string;
  readonly code: string;
  readonly english: string;
  readonly french: string;
  readonly parameters: object;
}

/** Stands for a number, a text or a list, whichever a text takes: its parameters are known to the compiler only. */
const anything = Object.assign(["X"], { valueOf: () => 12_345 });
const parameters: object = new Proxy({}, { get: () => anything });

/** Every text of every subject, in both languages. */
export async function allTexts(): Promise<BothTexts[]> {
  const files = (await readdir(new URL("en/", folder), { recursive: true }))
    // The texts of the command stand in files of their own, which this one puts together.
    .filter((file) => file.endsWith(".ts") && file !== "command.ts")
    .sort();
  const subjects = await Promise.all(
    files.map(async (file) => {
      const english: Record<string, Record<string, Text>> = await import(new URL(`en/${file}`, folder).href);
      const french: Record<string, Record<string, Text>> = await import(new URL(`fr/${file}`, folder).href);
      return Object.entries(english).flatMap(([name, texts]) =>
        Object.entries(texts).map(([code, text]): BothTexts => {
          const told = { english: text(parameters), french: french[`${name}_FR`]?.[code]?.(parameters) ?? "" };
          return { subject: `${file} ${name}`, code, parameters, ...told };
        }),
      );
    }),
  );
  return subjects.flat();
}
