import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createFakeOplead, type FakeListener } from "../../../src/testing/index.ts";
import { type CompanyNetwork, companyNetwork } from "../../support/company-network.ts";
import { hasMariadb, type MariadbServer, startMariadb } from "../../support/mariadb-server.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../../support/postgres-server.ts";
import { type RedisServer, startRedis } from "../../support/redis-server.ts";
import { staffXlsx } from "../../support/staff-xlsx.ts";
import { program, runtimes } from "../runtimes.ts";
import { outsideEnv } from "../toolbox.ts";
import { type Block, isRelevant, listPages, type Page } from "./pages.ts";
import { type ReaderFolders, readerFolders } from "./reader-folder.ts";
import { openTerminal, type SecondTerminal } from "./second-terminal.ts";

const pages = (await listPages()).filter(({ blocks }) => blocks.some(isRelevant));
let folders: ReaderFolders;
let redis: RedisServer;
let postgres: PostgresServer | undefined;
let mariadb: MariadbServer | undefined;

beforeAll(async () => {
  folders = await readerFolders(inject("consumers"));
  redis = await startRedis();
  if (hasPostgres) postgres = await startPostgres();
  if (hasMariadb) mariadb = await startMariadb();
});
afterAll(async () => {
  await redis?.close();
  await postgres?.close();
  await mariadb?.close();
  await folders?.remove();
});

describe.concurrent.each(pages)("docs/$path", (page) => {
  // One test for a page: its blocks build on each other.
  const names = (text: string) => page.blocks.some(({ first, code }) => `${first}${code}`.includes(text));
  const lacksDatabase = (names("DATABASE_URL") && !hasPostgres) || (names("mysql2") && !hasMariadb);
  if (lacksDatabase) console.warn(`docs/${page.path} is skipped: apt-get install postgresql mariadb-server.`);
  test
    .skipIf(lacksDatabase)
    .for(sizesOf(page).map((people) => [people === undefined ? "" : `, for ${people} people`, people] as const))(
    "every block of the page runs and prints what the page says%s",
    { timeout: 600_000 },
    async ([, people], { skip }) => {
      const name = `${page.path.replace(/\W/g, "-")}${people ?? ""}`;
      const folder = await folders.create(name, { isEmpty: page.isFromEmpty });
      if (people !== undefined) await writeFile(join(folder, "rh.xlsx"), await staffXlsx(people));
      await using listener = await createFakeOplead().listen();
      const runtime = runtimes.find(({ name, version }) => name === "Node" && version.split(".")[0] === page.node);
      if (runtime) {
        const node = dirname(await program(runtime, skip));
        return await runBlocks(page, folder, { url: listener.url, node });
      }
      if (!page.blocks.some(({ way }) => way)) {
        return await (page.isOneProgram ? runProgram : runBlocks)(page, folder, listener);
      }
      const network = await companyNetwork(listener.port);
      try {
        await network.save(folder);
        await runBlocks(page, folder, listener, network);
      } finally {
        await network.close();
      }
    },
  );
});

function sizesOf({ path, people }: Page): Page["people"] {
  return path.startsWith("fr/") ? people.slice(0, 1) : people;
}

interface Target extends Pick<FakeListener, "url"> {
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly node?: string | undefined;
}

// The process trusts the proxy's certificate already: a later section explains that.
function pathTo({ urls, proxy }: CompanyNetwork, way: keyof CompanyNetwork["urls"]): Target {
  const env = way === "behindProxy" ? { HTTPS_PROXY: proxy, NODE_EXTRA_CA_CERTS: "company-ca.pem" } : undefined;
  return { url: urls[way], env };
}

async function runProgram({ blocks, path }: Page, folder: string, listener: Target): Promise<void> {
  const textOf = (wanted: string) => blocks.filter(({ language }) => language === wanted).map(({ code }) => code);
  const { exit, stdout, stderr } = await runTypeScript("page", textOf("ts").join("\n"), folder, listener);
  expect(exit, `docs/${path}\n${stdout}\n${stderr}`).toBe(0);
  expect(stdout).toBe(textOf("text").join(""));
}

async function runBlocks(page: Page, folder: string, listener: Target, network?: CompanyNetwork): Promise<void> {
  const secondTerminals: SecondTerminal[] = [];
  try {
    const targetOf = ({ way }: Block): Target => (network && way ? pathTo(network, way) : listener);
    await runInOrder(page, folder, targetOf, secondTerminals);
  } finally {
    await Promise.all(secondTerminals.map((terminal) => terminal.close()));
  }
}

async function runInOrder(
  { blocks, path, isFromEmpty }: Page,
  folder: string,
  targetOf: (block: Block) => Target,
  secondTerminals: SecondTerminal[],
): Promise<void> {
  for (const block of blocks.filter(isRelevant)) {
    if (block.skipped !== undefined) continue;
    if (block.file !== undefined) {
      const target = join(folder, block.file);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, block.code);
      continue;
    }
    const target = targetOf(block);
    if (block.staysOpen) {
      const env = isFromEmpty ? emptyEnvironment(folder, target) : environment(folder, target);
      const terminal = await openTerminal("bash", ["-e", "-c", [block.first, block.code].join("\n")], {
        cwd: folder,
        env,
      });
      secondTerminals.push(terminal);
      await terminal.hasPrinted(block.prints ?? /./);
      continue;
    }
    const { exit, stdout, stderr } = await (isFromEmpty ? runFromEmpty : run)(block, folder, target);
    const place = `docs/${path}:${block.line}\n${stdout}\n${stderr}`;
    expect(exit, place).toBe(block.exits);
    if (block.prints) expect(`${stdout}${stderr}`, place).toMatch(block.prints);
    if (isFromEmpty && block.output) expect(stdout, place).toContain(block.output);
  }
}

function run({ language, line, code, first }: Block, folder: string, listener: Target): Promise<Finished> {
  if (language !== "sh") return runTypeScript(`block-${line}`, code, folder, listener);
  return finished("bash", ["-e", "-c", [first, code].join("\n")], folder, listener);
}

// As in one terminal.
function runFromEmpty({ language, code, first }: Block, folder: string, target: Target): Promise<Finished> {
  if (language !== "sh") throw new Error(`A page from an empty folder has a block of ${language}.`);
  const variables = `${folder}.variables`;
  const script = `[ -e ${variables} ] && . ${variables}; trap 'export -p > ${variables}' EXIT; ${first ?? ""}\n${code}`;
  return finished("bash", ["-e", "-c", script], folder, target, emptyEnvironment(folder, target));
}

function emptyEnvironment(folder: string, { url }: Target): NodeJS.ProcessEnv {
  return { PATH: [folders.bin, process.env.PATH].join(delimiter), HOME: folder, LISTENER: url };
}

async function runTypeScript(name: string, code: string, folder: string, listener: Target): Promise<Finished> {
  await writeFile(join(folder, `${name}.mjs`), await programOf(code));
  return finished(process.execPath, [`${name}.mjs`], folder, listener);
}

// Node 20 loads no TypeScript.
async function programOf(code: string): Promise<string> {
  const { code: program } = await transform(code, { loader: "ts", format: "esm" });
  return program;
}

interface Finished {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function environment(cwd: string, { url, env, node = "" }: Target): NodeJS.ProcessEnv {
  return outsideEnv({
    OPLEAD_TOKEN: "fake-token",
    OPLEAD_BASE_URL: url,
    REDIS_URL: redis.url,
    ...mariadb?.env,
    ...(postgres && { ADMIN_DATABASE_URL: postgres.urlOf("admin"), DATABASE_URL: postgres.urlOf("oplead_reader") }),
    WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    NO_COLOR: "1",
    LISTENER: url,
    ...env,
    PATH: [folders.bin, node, join(cwd, "node_modules/.bin"), process.env.PATH].filter(Boolean).join(delimiter),
  });
}

function finished(
  command: string,
  args: string[],
  cwd: string,
  listener: Target,
  env = environment(cwd, listener),
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (exit) => resolve({ exit, stdout, stderr }));
  });
}
