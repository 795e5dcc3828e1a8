/** A defect: its name, the file, the text that it replaces, and the text that it puts there. */
export const MUTANTS: readonly (readonly [name: string, file: string, from: string, to: string])[];
