// Commands one after the other in one process. Argument lists in, results out, as JSON.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { runCommand } from "../../src/command/run-command.ts";

const { writeSync } = fs;
const streams = [process.stdin, process.stdout, process.stderr];
let written = ["", "", ""];

// Each command adds listeners for signals, and ends with its process.
process.setMaxListeners(0);
fs.writeSync = ((descriptor: number, data: string | Uint8Array, ...rest: []) => {
  if (descriptor !== 1 && descriptor !== 2) return writeSync(descriptor, data as Uint8Array, ...rest);
  written[descriptor] += typeof data === "string" ? data : Buffer.from(data).toString();
  return Buffer.byteLength(data);
}) as typeof fs.writeSync;
syncBuiltinESMExports();
for (const [descriptor, stream] of streams.entries()) {
  if (descriptor === 0) continue;
  (stream as NodeJS.WriteStream).write = ((data: string | Uint8Array) => {
    written[descriptor] += typeof data === "string" ? data : Buffer.from(data).toString();
    return true;
  }) as typeof process.stdout.write;
}

const results: { code: number; stdout: string; stderr: string }[] = [];
for (const words of JSON.parse(process.argv[2] ?? "[]") as string[][]) {
  written = ["", "", ""];
  const code = await runCommand(words);
  results.push({ code, stdout: written[1] ?? "", stderr: written[2] ?? "" });
}
const bytes = Buffer.from(JSON.stringify(results));
for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
process.exit();
