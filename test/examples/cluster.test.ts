import { readFileSync } from "node:fs";
import { validate } from "dockerfile-utils";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { mostInASecond } from "../../examples/cluster/arrivals.ts";
import { eventsFor } from "../../examples/cluster/events.ts";
import { COMMANDS } from "../../src/command/registry.ts";

const root = new URL("../../", import.meta.url);
const read = (file: string) => readFileSync(new URL(`examples/cluster/${file}`, root), "utf8");

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly string[];
  readonly deploy?: { readonly replicas: number };
}

const file = parse(read("compose.yaml"), { merge: true }) as { services: Record<string, Service>; volumes: object };
const { services } = file;

it("the cluster runs Redis, a fake, two receivers, three workers and a nightly run", () => {
  const commands = Object.values(services).map(({ command = [], deploy }) => `${deploy?.replicas ?? 1} ${command[0]}`);
  expect(commands.sort()).toEqual(["1 redis-server", "1 serve", "1 serve", "1 sync", "1 undefined", "3 worker"]);
  for (const { depends_on = {}, volumes = [] } of Object.values(services)) {
    for (const name of Object.keys(depends_on)) expect(Object.keys(services)).toContain(name);
    for (const volume of volumes) expect(Object.keys(file.volumes)).toContain(volume.split(":")[0]);
  }
});

it("the cluster starts existing commands, with every variable that the config reads", () => {
  const variables = [...read("oplead.config.ts").matchAll(/env\("(\w+)"/g)].map(([, name]) => name as string);
  expect(variables).toContain("OPLEAD_QUEUE_KEY");
  const own = Object.values(services).filter(({ environment }) => environment !== undefined);
  expect(own).toHaveLength(4);
  for (const { command = [], environment = {} } of own) {
    expect(COMMANDS.map(({ name }) => name)).toContain(command[0]);
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(variables));
  }
  const [, key = ""] = /:-([^}]+)\}/.exec(own[0]?.environment?.OPLEAD_QUEUE_KEY ?? "") ?? [];
  expect(Buffer.from(key, "base64")).toHaveLength(32);
});

it("the cluster's image passes the linter, and is built from files that exist", () => {
  const text = read("Dockerfile");
  expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  const [, files = ""] = /^COPY (.+) \.\/$/m.exec(text) ?? [];
  for (const name of files.split(" ")) expect(read(name)).not.toBe("");
  expect(text).toMatch(/^USER node$/m);
});

it("the cluster's demo sends each user's newest event, and some events twice", () => {
  const events = eventsFor(5_000, 2_000);
  expect(events).toHaveLength(2_000);
  expect(new Set(events.map(({ index, version }) => `${index} ${version}`)).size).toBe(1_800);
  expect(Math.max(...events.map(({ index }) => index))).toBeLessThan(1_000);
  expect(eventsFor(100, 2_000).every(({ index }) => index < 100)).toBe(true);
});

it("mostInASecond counts the requests of the second with the most requests, wherever that second begins", () => {
  expect(mostInASecond([0, 500, 900, 1_100, 1_400, 3_000], [], 10)).toBe(4);
  expect(mostInASecond([], [], 10)).toBe(0);
});
