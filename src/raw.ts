export type {
  RawAnswers,
  RawArguments,
  RawBody,
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
  RawSuccess,
} from "./client/raw.ts";
export { type paths, rawClient } from "./client/raw.ts";
