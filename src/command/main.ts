#!/usr/bin/env node
import { createRequire } from "node:module";
import { runCommand } from "./run-command.ts";

// Node before 20.16 has no such function, and the audit reads and writes its file with Node's modules.
process.getBuiltinModule ??= createRequire(import.meta.url) as typeof process.getBuiltinModule;

// A pool of connections or a timer that a source or a config left open must not keep a finished run alive.
process.exit(await runCommand(process.argv.slice(2)));
