import { isOpleadError, type Oplead } from "oplead-sdk";
import type { ProbeOptions } from "#probe";
import { CommandError } from "../exit.ts";
import { told } from "../say.ts";

// Users cannot be deleted: without a sign of test mode nothing goes that could be written. Returns how many requests went.
export async function requireTestMode(oplead: Oplead, { auth, signal }: ProbeOptions): Promise<number> {
  const { signOfTestMode } = await import("#probe");
  const { sign, requests } = await signOfTestMode(oplead, auth, signal);
  if (sign !== "takes_anything" && sign !== "not_shown") return requests;
  // A wrong address or an outage gives no sign either. A list of another form is an answer.
  await oplead.listUserProfiles({ signal }).catch((error: unknown) => {
    if (!isOpleadError(error) || !error.fromOplead || (error.status ?? 0) >= 400) throw error;
  });
  throw new CommandError("no_test_mode", told(sign === "not_shown" ? "probe_not_shown" : "probe_takes_anything"));
}
