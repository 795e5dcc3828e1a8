/** A redis-server of this machine on a free loopback port, with a folder of its own that goes with it. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

/** Whether redis-server is installed. */
export const hasRedis = canRun("redis-server");

export const INSTALL_REDIS =
  "There is no redis-server on this machine. Install the package redis-server (Debian and Ubuntu: apt-get install redis-server; " +
  "macOS: brew install redis), or valkey with its redis-server link.";

export interface RedisServer {
  readonly url: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** Ends the process as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what was on the disk. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  close(): Promise<void>;
}

/**
 * `appendfsync`: `"always"` loses nothing of what it has acknowledged when it is killed. `"everysec"`, Redis's default, loses up to
 * two seconds of it if the disk is slow at that moment. `cluster`: the only node of a Redis Cluster.
 */
export async function startRedis({ appendfsync = "everysec", cluster = false } = {}): Promise<RedisServer> {
  // In memory where there is such a folder: Redis is killed here, not the machine, and a slow disk would only take time.
  const directory = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "oplead-redis-"));
  const port = await freePort();
  const clusterPort = await freePort();
  let server: ChildProcess | undefined;
  const isRunning = () => server !== undefined && server.exitCode === null && server.signalCode === null;
  const start = async (): Promise<void> => {
    const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"];
    options.push("--appendfsync", appendfsync);
    if (cluster) options.push("--cluster-enabled", "yes", "--cluster-port", String(clusterPort));
    server = spawn("redis-server", [...options, "--dir", directory], { stdio: "ignore" });
    await untilItListens(port, isRunning);
  };
  const kill = async (): Promise<void> => {
    if (!isRunning()) return;
    const ended = new Promise((resolve) => server?.once("exit", resolve));
    server?.kill("SIGKILL");
    await ended;
  };
  await start();
  if (cluster) await takeAllSlots(port);
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return isRunning() ? server?.pid : undefined;
    },
    start,
    kill,
    async close() {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function canRun(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function takeAllSlots(port: number): Promise<void> {
  const ask = (...command: string[]) =>
    execFileSync("redis-cli", ["-p", String(port), "cluster", ...command], { encoding: "utf8" });
  execFileSync("redis-cli", ["-p", String(port), "config", "set", "cluster-announce-ip", "127.0.0.1"]);
  ask("addslotsrange", "0", "16383");
  while (!ask("info").includes("cluster_state:ok")) await new Promise((resolve) => setTimeout(resolve, 100));
}

async function untilItListens(port: number, isRunning: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 400 && isRunning(); attempt += 1) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(isRunning() ? "redis-server does not listen" : "redis-server has ended before it listened");
}
