import { createOplead } from "../../../src/index.ts";
import { createUserWebhook, memoryDeliveries, memoryLedger, standardWebhooks } from "../../../src/webhook/index.ts";

let handlers;

function open({ OPLEAD_URL, SECRET }) {
  const oplead = createOplead({ token: "fake-token", baseUrl: OPLEAD_URL, rateLimit: false, retry: false });
  const options = {
    verify: standardWebhooks({ secrets: [SECRET] }),
    ledger: memoryLedger(),
    deliveries: memoryDeliveries(),
    maxBodyBytes: 50_000,
    map: ({ user, version }) => ({ user, version }),
  };
  return {
    patient: createUserWebhook(oplead, { ...options, respondWithinMs: 60_000 }),
    hasty: createUserWebhook(oplead, { ...options, respondWithinMs: 500 }),
  };
}

export default {
  fetch(request, environment, context) {
    handlers ??= open(environment);
    return handlers[request.url.endsWith("/hasty") ? "hasty" : "patient"](request, context);
  },
};
