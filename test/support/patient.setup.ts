/** `vi.waitFor` gives up after a second. A busy machine takes longer for what happens at once on a quiet one. */
import { vi } from "vitest";

const PATIENCE_MS = 10_000;
const isPatient = Symbol.for("oplead-sdk patient");
const { waitFor } = vi;

// Runs once for each file, in one process for all of them.
if (!(isPatient in waitFor)) {
  const patient: typeof waitFor = (callback, options) =>
    waitFor(callback, typeof options === "number" ? options : { timeout: PATIENCE_MS, ...options });
  vi.waitFor = Object.assign(patient, { [isPatient]: true });
}
