import { type Numbers, type Perhaps, type Strings, type Teller, tellerOf } from "../coded.ts";

const NOT_OPENED = {
  full: "The disk is full, or its quota is used up: make room.",
  denied: "This process may not write there: give its user the right to write to the directory and to all files in it.",
  read_only: "The file system can only be read: mount it for writing, or use another path.",
  no_locks: "The file system cannot lock files, like many network drives: use a path on a local disk, or redisLedger.",
  no_folder: "A part of the path is a file: use another path.",
  unknown:
    "Check that the disk has room, that this process may write to the directory and to all files in it, and that the path " +
    "is on a local disk and not on a network drive.",
};

export type NotOpened = keyof typeof NOT_OPENED;

export const FILE_LEDGER = {
  ledger_closed: ({ path }: Strings<"path">) => `The ledger at ${path} has been closed.`,
  ledger_damaged: ({ path }: Strings<"path">) =>
    `The ledger at ${path} is damaged. Make room if the disk is full, and run again. If it stays damaged, restore it from a backup, or delete the directory: the next run then looks up ` +
    "every user by its account number and writes the ledger anew.",
  ledger_locked: ({ path }: Strings<"path">) =>
    `The ledger at ${path} is in use: another process, or another fileLedger of this one, has it open. Two runs at ` +
    "once would send everything twice. Wait until the other one has ended, or use a ledger that processes can share: " +
    "redisLedger.",
  ledger_not_opened: ({
    path,
    code,
    because,
  }: Strings<"path" | "code"> & { readonly because: keyof typeof NOT_OPENED }) =>
    `The ledger at ${path} cannot be opened (${code}). ${NOT_OPENED[because]}`,
  ledger_disk_full: ({ path }: Strings<"path">) =>
    `The disk of the ledger at ${path} is full. Make room and run again: what Oplead acknowledged is kept, or is found again.`,
  ledger_not_read: ({ path, code }: Strings<"path" | "code">) =>
    `The ledger at ${path} cannot be read or written (${code}). If its files are incomplete, restore them from a backup ` +
    "or delete the directory: the next run then looks up every user by its account number.",
  ledger_package_missing:
    "fileLedger needs the package classic-level, which is not installed here, because optional packages were left out or it " +
    "could not be built: npm install classic-level@3, or use redisLedger.",
  ledger_package_broken:
    "fileLedger found the package classic-level, but its binary cannot be loaded. If this program is a bundle, keep " +
    "classic-level out of it (esbuild: --external:classic-level) and install it beside the bundle. Otherwise there may " +
    "be no binary for this platform: use redisLedger.",
  note_not_read: ({ file, code }: Strings<"file" | "code">) => `${file} of the ledger cannot be read (${code}).`,
  note_not_written: ({ file, code }: Strings<"file" | "code">) => `${file} of the ledger cannot be written (${code}).`,
};

export const tellFileLedger: Teller<typeof FILE_LEDGER> = /* @__PURE__ */ tellerOf(FILE_LEDGER);

export const REDIS = {
  ledger_redis_failed: ({ code }: Perhaps<"code">) =>
    `The ledger's Redis failed${code === undefined ? "" : ` (${code})`}.`,
  queue_redis_failed: ({ code }: Perhaps<"code">) =>
    `The queue's Redis failed${code === undefined ? "" : ` (${code})`}.`,
  queue_redis_evicts: ({ policy }: Strings<"policy">) =>
    `The queue's Redis may delete users that were accepted (maxmemory-policy ${policy}). Set it to noeviction.`,
};

export const tellRedis: Teller<typeof REDIS> = /* @__PURE__ */ tellerOf(REDIS);

export const PAUSE = {
  pause_damaged:
    "The pause of the runs is damaged. Nothing is sent. Set it anew, or end it: npx oplead-sdk pause --until TIME, npx oplead-sdk pause --off.",
  pause_too_long: ({ until }: Strings<"until">) =>
    `The pause of the runs ends at ${until}, more than 30 days from now: the clock is wrong here, or was where it was set. Nothing is sent. Set it anew, or end it: npx oplead-sdk pause --until TIME, npx oplead-sdk pause --off.`,
};

export const tellPause: Teller<typeof PAUSE> = /* @__PURE__ */ tellerOf(PAUSE);

export const ALERT_FAILURES = {
  target_silent: ({ timeoutMs }: Numbers<"timeoutMs">) => `no answer within ${timeoutMs} ms`,
  target_answered: ({ status }: Numbers<"status">) => `answered ${status}`,
  mailer_missing: "the package is missing: npm install nodemailer",
  // `code` is that of an error of Node, of the mail server's client, or of this package.
  target_failed: ({ code }: Strings<"code">) => `failed with ${code}`,
};

export const tellAlertFailure: Teller<typeof ALERT_FAILURES> = /* @__PURE__ */ tellerOf(ALERT_FAILURES);
