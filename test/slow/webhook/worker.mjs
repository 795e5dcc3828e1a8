/** For workerd and Bun: the handler as a service's `fetch`. Its settings come from the environment of the run time. */
import { createOplead } from "../../../src/index.ts";
import { createUserWebhook, memoryLedger, standardWebhooks } from "../../../src/webhook/index.ts";

let handler;

function open({ OPLEAD_URL, SECRET }) {
  const oplead = createOplead({ token: "fake-token", baseUrl: OPLEAD_URL, rateLimit: false, retry: false });
  return createUserWebhook(oplead, {
    verify: standardWebhooks({ secrets: [SECRET] }),
    ledger: memoryLedger(),
    maxBodyBytes: 50_000,
    // The first delivery also loads the code, beside other tests that keep the processors busy: it took longer than 200 ms.
    respondWithinMs: 1_500,
    map: ({ user, version }) => ({ user, version }),
  });
}

/** workerd passes the environment. In Bun, bun.mjs passes it. */
export default {
  fetch(request, environment, context) {
    handler ??= open(environment);
    return handler(request, context);
  },
};
