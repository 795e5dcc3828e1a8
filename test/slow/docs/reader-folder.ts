import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../node_modules", import.meta.url));

const PACKAGES = [
  "@hono/node-server",
  "@opentelemetry/api",
  "@opentelemetry/sdk-trace-node",
  "@types/express",
  "bullmq",
  "express",
  "fastify",
  "hono",
  "ioredis",
  "keyv",
  "msw",
  "mysql2",
  "openapi-typescript",
  "pg",
  "pg-query-stream",
  "pino",
  "prom-client",
  "ssh2-sftp-client",
  "typescript",
  "write-excel-file",
  "zod",
];

// What readers do in an editor, or know from what was printed: `<!-- first: COMMAND -->` of the pages calls these.
const COMMANDS: Readonly<Record<string, string>> = {
  // Starts installed commands without asking the registry.
  npx: 'PATH=$PWD/node_modules/.bin:$PATH exec "$@"',
  // An installation links the installed packages.
  npm: `case $1 in install) [ -e node_modules ] || ln -s "$MODULES" node_modules ;; *) PATH=\${PATH#*:} exec npm "$@" ;; esac`,
  "plan-hash": `npx oplead-sdk plan --json "$@" | node -p "JSON.parse(require('fs').readFileSync(0)).hash"`,
  "last-night": "npx oplead-sdk init --quiet && npx oplead-sdk sync --quiet",
  "more-dealers": `for n in $(seq 2000 2149); do echo "$n,PRF_DEALER,1002,M.,Luc,Roux,$n@dealers.example,,29000,Quimper,30"; done >> dealers.csv`,
  "write-token": `printf 'OPLEAD_TOKEN=fake-token\\nOPLEAD_BASE_URL=%s\\n' "$LISTENER" >> .env`,
  "take-decisions": `sed -i -e 's/PRF_VENDEUR/PRF_DEALER/' -e 's/PRF_CHEF_D_EQUIPE/PRF_REGION/' -e 's/PRF_DIRECTEUR/PRF_NETWORK/' -e 's/\\["M\\."\\]: \\[/&"Docteur", /' -e 's/client: {/client: { rateLimit: { requests: 5000, perMs: 1000 },/' oplead.config.mjs`,
  // To be sourced: the target ends with the block.
  "alert-target": `node -e "require('http').createServer((q,r)=>r.end('1')).listen(0,function(){require('fs').appendFileSync('.env','OPLEAD_ALERTS=http://127.0.0.1:'+this.address().port+'\\n')})" &
trap "kill $!" EXIT; until grep -q OPLEAD_ALERTS .env; do sleep 0.1; done; sed -i 's|// notify:|notify:|' oplead.config.mjs`,
};

export interface ReaderFolders {
  // For PATH.
  readonly bin: string;
  create(name: string, options?: { readonly isEmpty?: boolean }): Promise<string>;
  remove(): Promise<void>;
}

export async function readerFolders(consumers: string): Promise<ReaderFolders> {
  const base = await realpath(await mkdtemp(join(tmpdir(), "oplead-docs-")));
  const modules = join(base, "node_modules");
  // Not linked: a package looks for its optional peers from its real folder.
  await cp(join(consumers, "node_modules"), modules, { recursive: true, verbatimSymlinks: true });
  const installed = new Set(await readdir(modules));
  for (const name of PACKAGES) {
    if (installed.has(name)) continue;
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(await realpath(join(repository, name)), join(modules, name), "dir");
  }
  // undici 7 is the newest version that Node 20 loads.
  await symlink(await realpath(join(repository, "undici7")), join(modules, "undici"), "dir");
  const bin = join(base, "bin");
  await mkdir(bin);
  for (const [name, text] of Object.entries(COMMANDS))
    await writeFile(join(bin, name), `#!/bin/bash\nMODULES='${modules}'\n${text}\n`, { mode: 0o755 });
  await symlink(await realpath(join(repository, ".bin/tsx")), join(bin, "tsx"));
  await symlink(await realpath(join(repository, "typescript-7/bin/tsc")), join(bin, "tsc"));
  return {
    bin,
    async create(name, { isEmpty = false } = {}) {
      const folder = join(base, name);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
      if (isEmpty) return folder;
      await symlink(modules, join(folder, "node_modules"), "dir");
      await writeFile(join(folder, "package.json"), '{ "private": true }\n');
      return folder;
    },
    remove: () => rm(base, { recursive: true, force: true }),
  };
}
