// A redis-server of this machine on a free loopback port. It ends with this process.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

/** @returns {Promise<{ port: number, close(): void }>} */
export async function startRedis() {
  const directory = mkdtempSync(join(tmpdir(), "oplead-bench-redis-"));
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
  await new Promise((resolve) => probe.close(resolve));
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"];
  const server = spawn("redis-server", [...options, "--dir", directory], { stdio: "ignore" });
  const close = () => {
    server.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  };
  process.on("exit", close);
  for (let tries = 0; tries < 100 && !(await listens(port)); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { port, close };
}

/** @param {number} port @returns {Promise<boolean>} */
function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });
}
