/** `vi.waitFor` gives up after a second by default, which is too short on a busy machine, so the tests wait longer. */
import { vi } from "vitest";

const PATIENCE_MS = 25_000;
const isPatient = Symbol.for("oplead-sdk patient");
const { waitFor } = vi;

// This file runs once for each test file, but the replacement is needed only once in the process.
if (!(isPatient in waitFor)) {
  const patient: typeof waitFor = (callback, options) =>
    waitFor(callback, typeof options === "number" ? options : { timeout: PATIENCE_MS, ...options });
  vi.waitFor = Object.assign(patient, { [isPatient]: true });
}
