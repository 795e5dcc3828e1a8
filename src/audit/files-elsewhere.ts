import type * as fileSystem from "node:fs";

/**
 * The file functions of the system. A bundle for browsers or workers has them only if it runs on Node or a similar
 * system.
 */
export const files = (): typeof fileSystem | undefined => globalThis.process?.getBuiltinModule?.("node:fs");
