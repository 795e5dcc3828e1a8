/** A PostgreSQL and a Redis of this machine on free ports, for all tests. */
import { readFile } from "node:fs/promises";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres.js";
import { startRedis } from "./redis.js";

declare module "vitest" {
  interface ProvidedContext {
    databaseUrl: string;
    redisUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const client = new pg.Client(postgres.url);
  await client.connect();
  await client.query(await readFile(new URL("../../schema.sql", import.meta.url), "utf8"));
  await client.end();
  project.provide("databaseUrl", postgres.url);
  project.provide("redisUrl", redis.url);
  return async () => {
    await Promise.all([postgres.close(), redis.close()]);
  };
}
