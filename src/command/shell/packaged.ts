import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

// A file or folder of the package, in which the command is in `dist/cli/`.
export function packaged(path: string): string | undefined {
  return ["./", "../", "../../", "../../../"]
    .map((up) => fileURLToPath(new URL(up + path, import.meta.url)))
    .find((file) => existsSync(file));
}
