import { nightPicture } from "./night.ts";
import { upsertPicture } from "./upsert.ts";

/** The drawings, by their file in docs/. */
export const DRAWINGS: Readonly<Record<string, string>> = {
  "explain/upsert.svg": upsertPicture,
  "guides/night.svg": nightPicture,
};
