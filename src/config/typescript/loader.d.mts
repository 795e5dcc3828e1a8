/**
 * Imports a file that Node cannot load itself, together with the files that it imports: a TypeScript file, or a `.js`
 * file with ESM that Node takes for CommonJS. Returns its default export.
 */
export function importTypeScript(path: string): Promise<unknown>;
