// Child processes on a core of their own, spoken to one question at a time.
import { spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

/** Without these two, V8 throws compiled code away while a client waits for its turn, and the spread between rounds doubles. */
export const STEADY_V8 = ["--no-flush-bytecode", "--no-memory-reducer"];
export const CLIENT_CORE = 0;
export const SERVER_CORE = 1;

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

export const canPin = availableParallelism() > 1 && spawnSync("taskset", ["-c", "0", "true"]).status === 0;

/**
 * @param {number} core
 * @param {string[]} args
 * @returns {{ command: string, args: string[] }}
 */
export function nodeOn(core, args) {
  if (!canPin) return { command: process.execPath, args };
  return { command: "taskset", args: ["-c", String(core), process.execPath, ...args] };
}

/**
 * Starts a script of bench/ that answers messages; it ends when this process does.
 * @param {number} core
 * @param {string} script file name in bench/
 * @param {{ args?: string[], flags?: string[], env?: Record<string, string | undefined> }} [options]
 * @returns {ChildProcess}
 */
export function start(core, script, { args = [], flags = [], env = {} } = {}) {
  const file = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const run = nodeOn(core, [...flags, file, ...args]);
  return spawn(run.command, run.args, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, ...env },
  });
}

/**
 * @template Answer
 * @param {ChildProcess} child
 * @param {object} message
 * @returns {Promise<Answer>}
 */
export function ask(child, message) {
  return new Promise((resolve, reject) => {
    /** @param {any} answer */
    const answered = (answer) => {
      child.off("exit", ended);
      if (answer.error) reject(new Error(answer.error));
      else resolve(answer);
    };
    /** @param {number | null} code */
    const ended = (code) => {
      child.off("message", answered);
      reject(new Error(`a benchmark process ended early (${code}): ${child.spawnargs.at(-1)}`));
    };
    child.once("message", answered);
    child.once("exit", ended);
    child.send(message);
  });
}

/** @param {(message: any) => object | Promise<object>} handler */
export function answer(handler) {
  process.on("disconnect", () => process.exit());
  process.on("message", async (message) => {
    try {
      process.send?.(await handler(message));
    } catch (error) {
      process.send?.({ error: error instanceof Error ? error.stack : String(error) });
    }
  });
}
