import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { promisify } from "node:util";
import { freePort } from "../../examples/cluster/free-port.ts";

const run = promisify(execFile);

// Debian, Ubuntu: a folder for each version, not on the PATH.
const DEBIAN = "/usr/lib/postgresql";
const newest = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))[0] : undefined;

export const hasPostgres: boolean = newest !== undefined;

export interface PostgresServer {
  // Everybody is trusted.
  urlOf(user: string): string;
  close(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresServer> {
  const port = await freePort();
  const bin = `${DEBIAN}/${newest}/bin`;
  const folder = await asPostgres("mktemp -d /tmp/oplead-postgres-XXXXXX");
  await asPostgres(`${bin}/initdb -D ${folder}/data -A trust -U admin --no-sync -E UTF8 --locale=C`);
  await asPostgres(
    `${bin}/pg_ctl -D ${folder}/data -w -l ${folder}/log -o '-F -h 127.0.0.1 -p ${port} -k ${folder}' start`,
  );
  return {
    urlOf: (user) => `postgresql://${user}@127.0.0.1:${port}/postgres`,
    close: async () => {
      await asPostgres(`${bin}/pg_ctl -D ${folder}/data -m immediate stop; rm -rf ${folder}`);
    },
  };
}

// PostgreSQL refuses to run as root.
async function asPostgres(command: string): Promise<string> {
  const isRoot = process.getuid?.() === 0;
  const [shell, ...args] = isRoot ? (["su", "postgres", "-c", command] as const) : (["sh", "-c", command] as const);
  const { stdout } = await run(shell, args, { cwd: "/" });
  return stdout.trim();
}
