/** What is broken: in which file, which text, and what is there instead. */
export const MUTANTS: readonly (readonly [name: string, file: string, from: string, to: string])[];
