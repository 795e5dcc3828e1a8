import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/client-state.ts";
import { knownFact } from "../core/facts.ts";
import { DOCUMENTED_ADDRESS } from "../core/names.ts";
import type { AuthScheme } from "../transport/options.ts";
import { testModeIn } from "./collected-facts.ts";
import { refusesContent } from "./in-test-mode.ts";
import { REQUESTS } from "./options.ts";
import { Prober, type Reply } from "./prober.ts";

// `documented`: the guide promises test mode at this address. `refused`: no way to send the token worked.
export type TestModeSign = "documented" | "shown" | "not_shown" | "takes_anything" | "refused";

// JSON that breaks off, for a user that does not exist: no server can write it.
const UNREADABLE = "{";

// Sends nothing that a platform without test mode could write. A platform that reads `test` refuses a wrong value, or
// says in its answer that this was a test.
export async function signOfTestMode(
  oplead: Oplead,
  ways: readonly AuthScheme[] = [],
  signal?: AbortSignal,
): Promise<{ readonly sign: TestModeSign; readonly requests: number }> {
  const { transport } = internalsOf(oplead);
  // No wire form reads what is unreadable.
  const settings = { ...transport.settings, wire: undefined };
  if (settings.baseUrl === DOCUMENTED_ADDRESS) return { sign: "documented", requests: 0 };
  const known = knownFact(settings.facts, "testModeArrives");
  if (known !== undefined) return { sign: known ? "shown" : "not_shown", requests: 0 };
  const values = { unknown: `OPLEAD-PROBE-${crypto.randomUUID()}` };
  let requests = 0;
  for (const auth of [settings.auth, ...ways]) {
    const prober = new Prober(transport.with({ ...settings, auth, testMode: true }), 4, [], signal);
    const tested = await prober.ask(REQUESTS.unreadable, values, UNREADABLE);
    requests += prober.requests;
    if (tested?.status === 401) continue;
    prober.use(transport.with({ ...settings, auth, testMode: false }));
    const said = tested && testModeIn(tested);
    const wrong =
      tested?.isSuccess || said !== undefined
        ? undefined
        : await prober.ask(REQUESTS.wrongTestMode, values, UNREADABLE);
    if (wrong) requests += 1;
    if (tested?.isSuccess || wrong?.isSuccess) return { sign: "takes_anything", requests };
    const isShown = said ?? (tested?.answer && readsTest(tested, wrong));
    return { sign: isShown ? "shown" : "not_shown", requests };
  }
  return { sign: "refused", requests };
}

function readsTest(tested: Reply, wrong: Reply | undefined): boolean {
  const names = (reply: Reply): boolean => /\btest\b/i.test(JSON.stringify([reply.answer?.data]));
  if (!wrong || !refusesContent(wrong)) return false;
  return wrong.status !== tested.status || (names(wrong) && !names(tested));
}
