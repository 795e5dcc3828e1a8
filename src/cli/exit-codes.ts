/** How a command ends. */
export const EXIT = {
  success: 0,
  /** An error, or wrong usage. */
  error: 1,
  /** Changes are pending: `plan --detailed-exitcode` only. */
  changesPending: 2,
  /** Stopped by the guard, or by a plan that is not the one that was approved. */
  guard: 3,
  /** Some users arrived and some did not. */
  partly: 4,
  /** Ended by Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
