import type * as fileSystem from "node:fs";

/** The files of the system, where a browser's or a worker's bundle runs on something that has them after all. */
export const files = (): typeof fileSystem | undefined => globalThis.process?.getBuiltinModule?.("node:fs");
