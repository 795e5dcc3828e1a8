// `vi.waitFor` gives up after a second, too short on a busy machine.
import { vi } from "vitest";

const PATIENCE_MS = 25_000;
const isPatient = Symbol.for("oplead-sdk patient");
const { waitFor } = vi;

// Once in the process.
if (!(isPatient in waitFor)) {
  const patient: typeof waitFor = (callback, options) =>
    waitFor(callback, typeof options === "number" ? options : { timeout: PATIENCE_MS, ...options });
  vi.waitFor = Object.assign(patient, { [isPatient]: true });
}
