import { answersOf, type Check } from "./check.ts";

/** Whether a package that is installed beside this one can be loaded. */
export async function packageCheck(name: string, version: string, user: string): Promise<Check> {
  const { ok, warning } = answersOf(`Package ${name}`);
  try {
    await import(name);
    return ok("package_installed");
  } catch {
    return warning("package_missing", { name, version, user });
  }
}
