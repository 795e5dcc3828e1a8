import type { UserInput } from "../../src/index.ts";
import type { Move } from "../../src/sync/index.ts";
import { user } from "./sync-users.ts";

// After a merger: new account numbers, also in the names of heads.
export function moved(count: number): UserInput[] {
  return Array.from({ length: count }, (_, number) =>
    user(number, { accountNumber: `NEW-${number}`, ...(number > 0 && { parentUserIdentifier: "NEW-0" }) }),
  );
}

export function moves(count: number): Move[] {
  return Array.from({ length: count }, (_, number) => [`ACC-${number}`, `NEW-${number}`]);
}
