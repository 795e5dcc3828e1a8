import * as fileSystem from "node:fs";

/** The files of the system. `process.getBuiltinModule` came with Node 20.16 only. */
export const files: typeof fileSystem | undefined = fileSystem;
