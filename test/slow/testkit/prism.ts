/**
 * Prism, an independent server that reads the OpenAPI document. It runs as a mock, or as a proxy that checks requests
 * and answers.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../examples/cluster/free-port.ts";
import { outsideEnv, tool } from "../toolbox.ts";

const VERSION = "5.14.2";
const DOCUMENT = fileURLToPath(new URL("../../../schema/oplead.openapi.yaml", import.meta.url));

export interface Prism {
  readonly url: string;
  stop(): Promise<void>;
}

export const prismMock = (): Promise<Prism> => start(["mock", "--errors"], []);

export const prismProxy = (upstream: string): Promise<Prism> => start(["proxy", "--errors"], [upstream]);

async function start(command: string[], rest: string[]): Promise<Prism> {
  const folder = await tool("@stoplight/prism-cli", VERSION);
  const port = await freePort();
  const program = join(folder, "node_modules/@stoplight/prism-cli/dist/index.js");
  const args = [program, ...command, "--host", "127.0.0.1", "--port", String(port), DOCUMENT, ...rest];
  const child = spawn(process.execPath, args, { cwd: folder, env: outsideEnv(), stdio: ["ignore", "pipe", "pipe"] });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  await listening(child).catch(async (error) => {
    await stop();
    throw error;
  });
  return { url: `http://127.0.0.1:${port}`, stop };
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const read = (chunk: Buffer) => {
      said += chunk;
      if (said.includes("Prism is listening")) resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", () => reject(new Error(`Prism did not start: ${said}`)));
  });
}
