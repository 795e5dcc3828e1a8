import { answersOf, type Check } from "./check.ts";

/** Whether a package that is installed beside this one can be loaded. A bundler finds a package by the name that `load` imports. */
export async function packageCheck(
  name: string,
  version: string,
  user: string,
  load: () => Promise<unknown>,
): Promise<Check> {
  const { ok, warning } = answersOf(`Package ${name}`);
  try {
    await load();
    return ok("package_installed");
  } catch {
    return warning("package_missing", { name, version, user });
  }
}
