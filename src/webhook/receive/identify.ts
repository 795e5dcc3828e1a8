import { concat, toHex, utf8 } from "../signatures/bytes.ts";

/** How a delivery is recognised when it comes again. */
export interface DeliveryIdentity {
  /** The id as the sender wrote it, for the log and for `map`. */
  readonly deliveryId: string | undefined;
  /** The id under which the delivery is remembered; undefined for a delivery without an id. */
  readonly key: string | undefined;
}

/** Where a delivery's id is: the name of a header, or a function of the event. */
export type DeliveryIdSource<Event> = string | ((event: Event, headers: Headers) => string | undefined);

/** The headers in which common senders write a delivery's id. */
const ID_HEADERS = ["webhook-id", "x-github-delivery", "x-shopify-webhook-id"];

/** Finds the id of a delivery. `signedId` is the id that the signature covers, if the scheme has one. */
export async function identify<Event>(
  source: DeliveryIdSource<Event> | undefined,
  delivery: { event: Event; headers: Headers; body: Uint8Array; signedId: string | undefined },
): Promise<DeliveryIdentity> {
  const { event, headers, body, signedId } = delivery;
  // A function reads the id from the signed body.
  const trusted = typeof source === "function" ? source(event, headers) : source === undefined ? signedId : undefined;
  if (trusted !== undefined && trusted !== null && trusted !== "") {
    const id = toText(trusted);
    return { deliveryId: id, key: id };
  }
  const names = typeof source === "string" ? [source] : source === undefined ? ID_HEADERS : [];
  const deliveryId = names.map((name) => headers.get(name)).find((value) => value);
  if (!deliveryId) return { deliveryId: undefined, key: undefined };
  // The signature does not cover this header. If the id alone counted, an attacker could repeat an old delivery under the
  // id of a future one, and the future one would be ignored. So the id counts only together with the body.
  const digest = await crypto.subtle.digest("SHA-256", concat(utf8(`${deliveryId}\n`), body));
  return { deliveryId, key: toHex(digest) };
}

/** Other types would give the same text for every delivery, and all but the first would be ignored as duplicates. */
function toText(id: unknown): string {
  if (typeof id === "string" || typeof id === "number") return String(id);
  throw new TypeError("a delivery id must be text");
}
