export { type paths, rawClient } from "./client/raw.ts";
export type {
  RawArguments,
  RawCall,
  RawClient,
  RawData,
  RawError,
  RawInput,
  RawMethod,
  RawOperation,
  RawOptions,
  RawParseAs,
  RawPath,
  RawResult,
} from "./client/raw-types.ts";
