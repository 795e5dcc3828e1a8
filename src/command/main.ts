#!/usr/bin/env node
import { runCommand } from "./run-command.ts";

// The process is ended explicitly. Otherwise connections or timers that a source or a config left open could keep the
// process alive after the run.
process.exit(await runCommand(process.argv.slice(2)));
