import type * as fileSystem from "node:fs";
import { createRequire } from "node:module";

/**
 * The module node:fs, loaded when it is first needed, because importing it takes 3 ms. `process.getBuiltinModule` is
 * not used, because Node before 20.16 does not have it.
 */
export const files = (): typeof fileSystem | undefined => createRequire(process.execPath)("node:fs");
