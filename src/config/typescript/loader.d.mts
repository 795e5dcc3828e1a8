/**
 * Imports a TypeScript file, and what it imports, on a Node that cannot; or ESM in a `.js` file that Node takes for CommonJS. Gives its
 * default export.
 */
export function importTypeScript(path: string): Promise<unknown>;
