#!/usr/bin/env node
import { runCommand } from "./run-command.ts";

// Connections or timers that a source or a config left open would keep the process alive.
process.exit(await runCommand(process.argv.slice(2)));
