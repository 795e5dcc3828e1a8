import type { FakeFaultAnswer, FakeHandle, FakeOplead } from "oplead-sdk/testing";

/** Lets calls of a fake fail in every way, each way with this share: before Oplead acts, and after it has acted. Returns a function that ends the faults. */
export function makeUnreliable(oplead: FakeOplead, share: number): () => void {
  const failures: FakeFaultAnswer[] = [
    { status: 503, retryAfter: "0.02" },
    "reset",
    "hang",
    "empty-500",
    "html-200",
    "truncated-json",
  ];
  let seed = 1;
  const faults: FakeHandle[] = [];
  for (const as of failures) {
    for (const when of ["before", "after"] as const) faults.push(oplead.fail({ as, when, share, seed: seed++ }));
  }
  // Once is enough: the client goes on more slowly after it.
  faults.push(oplead.fail({ as: { status: 429, retryAfter: "0.1" }, share, seed: seed++, times: 1 }));
  return () => {
    for (const fault of faults) fault.remove();
  };
}
