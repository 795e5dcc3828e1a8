import type * as fileSystem from "node:fs";

/** The files of the system, if a bundle for browsers or workers runs on a system that has files. */
export const files = (): typeof fileSystem | undefined => globalThis.process?.getBuiltinModule?.("node:fs");
