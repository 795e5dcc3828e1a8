import { told } from "../texts/say.ts";
import { answersOf, type Check } from "./check.ts";

/** Whether a package that is installed beside this one can be loaded. A bundler finds a package by the name that `load` imports. */
export async function packageCheck(
  name: string,
  version: string,
  user: string,
  load: () => Promise<unknown>,
  isNeeded = false,
): Promise<Check> {
  const { ok, warning, broken } = answersOf(told("check_package", { name }));
  try {
    await load();
    return ok("package_installed");
  } catch {
    return (isNeeded ? broken : warning)("package_missing", { name, version, user });
  }
}
