import type * as fileSystem from "node:fs";
import { createRequire } from "node:module";

/**
 * The files of the system, loaded when they are needed: importing node:fs costs 3 ms. `process.getBuiltinModule` came
 * with Node 20.16 only.
 */
export const files = (): typeof fileSystem | undefined => createRequire(process.execPath)("node:fs");
