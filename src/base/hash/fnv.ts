/** A number below 2^32 that depends on the text alone (FNV-1a). Quick, and no protection: texts with the same number are easy to find. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
