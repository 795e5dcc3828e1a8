import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../examples/cluster/free-port.ts";

const run = promisify(execFile);

// Debian, Ubuntu. Not on every PATH.
const SERVER = "/usr/sbin/mariadbd";

export const hasMariadb: boolean = existsSync(SERVER);

export interface MariadbServer {
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

export async function startMariadb(): Promise<MariadbServer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "oplead-mariadb-"));
  const socket = join(folder, "socket");
  const own = ["--no-defaults", `--datadir=${folder}/data`];
  // A MariaDB that root starts runs as another user, who needs access to the folder.
  if (process.getuid?.() === 0) {
    own.push("--user=mysql");
    await run("chown", ["mysql", folder]);
  }
  await chmod(folder, 0o755);
  await run("mariadb-install-db", [...own, "--auth-root-authentication-method=normal", "--skip-test-db"]);
  const quick = ["--skip-log-bin", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M"];
  const place = ["--bind-address=127.0.0.1", `--port=${port}`, `--socket=${socket}`, `--pid-file=${folder}/pid`];
  const server = spawn(SERVER, [...own, ...quick, ...place], { stdio: "ignore" });
  const exited = new Promise((resolve) => server.once("exit", resolve));
  await run("mariadb-admin", ["--no-defaults", `--socket=${socket}`, "--user=root", "--wait=60", "ping"]);
  return {
    env: {
      MYSQL_HOST: "127.0.0.1",
      MYSQL_TCP_PORT: `${port}`,
      MYSQL_URL: `mysql://oplead_reader:change%20me@127.0.0.1:${port}/hr`,
    },
    close: async () => {
      server.kill("SIGKILL");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
