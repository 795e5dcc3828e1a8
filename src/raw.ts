export type {
  RawBody,
  RawCall,
  RawClient,
  RawInput,
  RawOperation,
  RawOptions,
  RawPath,
  RawResult,
} from "./client/raw.ts";
export { type paths, rawClient } from "./client/raw.ts";
