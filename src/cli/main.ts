#!/usr/bin/env node
import { runCommand } from "./run-command.ts";

// Whatever a source or a config has left open (a pool of connections, a timer) must not keep a finished run alive.
process.exit(await runCommand(process.argv.slice(2)));
