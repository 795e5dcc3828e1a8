export { type paths, type RawClient, rawClient } from "./client/raw.ts";
