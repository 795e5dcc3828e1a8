import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { promisify } from "node:util";
import { freePort } from "./port.js";

const run = promisify(execFile);
/** Where Debian and Ubuntu have the programs, one folder for each version. They are not on the PATH. */
const DEBIAN = "/usr/lib/postgresql";

export interface PostgresServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A PostgreSQL in a folder of its own on a free loopback port. */
export async function startPostgres(): Promise<PostgresServer> {
  const port = String(await freePort());
  const newest = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))[0] : undefined;
  const bin = newest === undefined ? "" : `${DEBIAN}/${newest}/bin/`;
  const folder = await asPostgres("mktemp -d /tmp/oplead-service-postgres-XXXXXX");
  const options = `-F -h 127.0.0.1 -p ${port} -k ${folder}`;
  await asPostgres(`${bin}initdb -D ${folder}/data -A trust -U service --no-sync -E UTF8 --locale=C`);
  await asPostgres(`${bin}pg_ctl -D ${folder}/data -w -l ${folder}/log -o '${options}' start`);
  return {
    url: `postgresql://service@127.0.0.1:${port}/postgres`,
    async close() {
      await asPostgres(`${bin}pg_ctl -D ${folder}/data -m immediate stop; rm -rf ${folder}`);
    },
  };
}

/** PostgreSQL refuses to run as root: there the user postgres starts it. */
async function asPostgres(command: string): Promise<string> {
  const isRoot = process.getuid?.() === 0;
  const [shell, ...args] = isRoot ? (["su", "postgres", "-c", command] as const) : (["sh", "-c", command] as const);
  const { stdout } = await run(shell, args, { cwd: "/" });
  return stdout.trim();
}
