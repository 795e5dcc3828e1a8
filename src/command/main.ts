#!/usr/bin/env node
import { createRequire } from "node:module";
import { runCommand } from "./run-command.ts";

// Node before 20.16 lacks this function, which the audit needs to load Node's file module.
process.getBuiltinModule ??= createRequire(import.meta.url) as typeof process.getBuiltinModule;

// The process is ended explicitly. Otherwise connections or timers that a source or a config left open could keep a
// finished run alive.
process.exit(await runCommand(process.argv.slice(2)));
