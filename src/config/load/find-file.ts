import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { OpleadError } from "../../errors.ts";

/** In this order. */
const CONFIG_FILES = ["oplead.config.ts", "oplead.config.mts", "oplead.config.js", "oplead.config.mjs"];

/** The path of the config file: the one that was named, else the one in the folder. */
export function findConfigFile(folder: string, file: string | undefined): string {
  if (file !== undefined) {
    const path = resolve(folder, file);
    if (existsSync(path)) return path;
    throw new OpleadError("invalid_options", `There is no config file ${path}.`);
  }
  const found = CONFIG_FILES.map((name) => resolve(folder, name)).filter((path) => existsSync(path));
  const [first, ...others] = found;
  if (first === undefined) {
    throw new OpleadError(
      "invalid_options",
      `There is no oplead.config.{ts,mts,js,mjs} in ${folder}. Write one with: npx oplead init`,
    );
  }
  if (others.length === 0) return first;
  throw new OpleadError("invalid_options", `There are several config files: ${found.join(", ")}. Keep one.`);
}
