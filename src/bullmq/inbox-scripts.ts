import { getOrMake } from "../core/values.ts";
import { Script } from "../redis/client.ts";
import { TEST_MODE } from "./job.ts";

/*
 * The scripts that read and change a record of the inbox. Each step is one Redis script, so no other process can change
 * the record in the middle of it.
 */

/**
 * A record is one text, because a Redis hash takes twice the memory. It begins with a head whose parts have fixed
 * positions, so a script can change one part without writing the state again: `sequence` is a UUID, `begun` says
 * whether work has begun with the state, `retried` whether held steps were tried. The state follows the head, encrypted
 * if the queue has a key.
 */
const HEAD = { sequence: [0, 36], begun: [36, 37], owed: [37, 38], retried: [38, 39], revision: [39, 55] } as const;

/**
 * The parts of a user's record in the inbox. `isOwed`: whether the sender was told that the state will be sent.
 * `isRetried`: whether held steps were tried again. `state` may be encrypted.
 */
export interface RecordParts {
  readonly sequence: string;
  readonly isOwed: boolean;
  readonly isRetried: boolean;
  readonly revision: number | undefined;
  readonly state: string;
}

export function partsOf(record: string): RecordParts {
  const part = (name: keyof typeof HEAD): string => record.slice(...HEAD[name]).trim();
  return {
    sequence: part("sequence"),
    isOwed: part("owed") === "1",
    isRetried: part("retried") === "1",
    revision: part("revision") === "" ? undefined : Number(part("revision")),
    state: record.slice(HEAD.revision[1]),
  };
}

/** Returns a revision as text, padded to the length that {@link HEAD} reserves for the revision. */
export function revisionText(revision: number | undefined): string {
  const [from, to] = HEAD.revision;
  return String(revision ?? "").padEnd(to - from);
}

/** Makes a script that works on the keys of one user. `Inbox` passes the keys in the order `record`, `open`, `done`. */
function script(args: string, body: string): Script {
  return new Script(`
    local call = redis.call
    local record, open, done = unpack(KEYS)
    local key ${args && `, ${args}`} = unpack(ARGV)
    local function sequenceOf(text) return string.sub(text or '', 1, 36) end
    ${body}
  `);
}

/**
 * Makes the script that stores a state and adds a job unless a job already waits for the user. The script writes only
 * if the record has not changed since the caller read it; otherwise it returns the changed record. With an empty state
 * it keeps the stored state, which is newer. It returns the id of the user's job, and the id of the user's previous job
 * if a new one was added. `lua` is BullMQ's own script that adds a job; its keys and arguments follow those of this
 * script. If `lua` is empty, no job is added.
 */
function put(lua: string): Script {
  return script(
    "read, state, sequence, revision, owed, newJob, ttl",
    `local function add(KEYS, ARGV)
      ${lua}
    end
    local function give(former)
      add({unpack(KEYS, 4)}, {unpack(ARGV, 9)})
      return {newJob, former}
    end
    if read == '' and call('SET', record, sequence .. '0' .. owed .. '0' .. revision .. state, 'PX', ttl, 'NX') then
      if call('HSETNX', open, key, newJob) == 1 then return give(false) end
      local former = call('HGET', open, key) -- its record was lost
      call('HSET', open, key, newJob)
      return give(former)
    end
    local stored = call('GET', record)
    local job = call('HGET', open, key)
    if sequenceOf(stored) == sequence then return {job or newJob} end -- ioredis may send it twice
    if not job then stored = false end -- it was acknowledged
    if sequenceOf(stored) ~= read then return {false, stored} end
    local begun, retried = '1', '0'
    if stored then
      local wasOwed, wasRetried
      begun, wasOwed, wasRetried = string.match(stored, '^(.)(.)(.)', 37)
      if state == '' then
        if owed == '0' then revision = string.sub(stored, 40, 55) end
        sequence, retried, state = read, wasRetried, string.sub(stored, 56)
      end
      if wasOwed == '1' then owed = '1' end
    end
    call('SET', record, sequence .. '0' .. owed .. retried .. revision .. state, 'PX', ttl)
    if begun == '0' then return {job} end
    call('HSET', open, key, newJob)
    return give(job)`,
  );
}

/**
 * Makes a function that returns the script that `make` makes from `lua`, a script of BullMQ. Each script is made at the
 * first call with its `lua`, and is then kept.
 */
function madeFrom(make: (lua: string) => Script): (lua: string) => Script {
  const made = new Map<string, Script>();
  return (lua) => getOrMake(made, lua, () => make(lua));
}

export const PUT = /* @__PURE__ */ madeFrom(put);

/**
 * Defines a function in Lua. It returns the record, 1 if the record was acknowledged, or 0 if it is lost. A lost record
 * is removed from the list of open users.
 */
const TAKES = `local function take(record, open, done, key)
    local stored, last = unpack(call('MGET', record, done))
    if not stored then
      if call('HDEL', open, key) == 0 then return last and 1 or 0 end
      call('DEL', done)
      return 0
    end
    if sequenceOf(stored) == sequenceOf(last) then return 1 end
    call('SETRANGE', record, 36, '1')
    return stored
  end`;

export const TAKE = script("", `${TAKES} return take(record, open, done, key)`);

/**
 * Returns the user's record if its state was the last to be acknowledged. Returns nothing if the record holds a newer
 * state, has expired, or was deleted because a newer state was taken back.
 */
export const KEPT = script(
  "",
  `local stored, last = unpack(call('MGET', record, done))
  return stored and sequenceOf(stored) == sequenceOf(last) and stored`,
);

export const NOTE = script(
  "sequence, revision, retried",
  `local stored = call('GETRANGE', record, 0, 54)
  if sequenceOf(stored) ~= sequence or call('HEXISTS', open, key) == 0 then return end
  if string.find(stored, '%d', 40) then call('SETRANGE', record, 39, revision) end
  call('SETRANGE', record, 38, retried)`,
);

/**
 * Makes the script that acknowledges a state, ends its job, takes the next job and takes that job's record. `lua` is
 * BullMQ's own script that ends a job; its keys and arguments follow those of this script. If `lua` is empty, the
 * script only acknowledges. It returns 1 if the state was acknowledged, 0 if a newer one waits, or -1 if another worker
 * has acknowledged a newer one; then the answer of `lua`; then the answer of {@link TAKE} about the next job. The last
 * is missing if there is no next job, or if the job is not like the ended one (`token`, `data`), so that its worker
 * might have to refuse it.
 *
 * The record stays for `keepMs`, and the mark that it was acknowledged stays for longer.
 */
function acknowledge(lua: string): Script {
  return script(
    "sequence, result, ttl, keepMs, base, job, token, data",
    `${TAKES}
    local function complete(KEYS, ARGV)
      ${lua}
    end
    local function acknowledge()
      local found = redis.pcall('GETEX', record, 'PX', keepMs)
      local isOld = type(found) == 'table' -- Redis 6.0 and older do not know the command
      local stored = sequenceOf(isOld and call('GETRANGE', record, 0, 35) or found)
      if stored == sequence and call('HDEL', open, key) == 1 then
        call('SET', done, result, 'PX', math.max(ttl, keepMs + 60000))
        if isOld then call('PEXPIRE', record, keepMs) end
        return 1
      end
      local isNewer = stored ~= '' and stored ~= sequence and call('HEXISTS', open, key) == 1
      if isNewer then call('PEXPIRE', record, ttl) end -- GETEX has changed the time of the newer state
      if call('GET', done) == result then return 1 end -- ioredis may send it twice
      return isNewer and 0 or -1
    end
    -- If ioredis sends the script twice, the job has ended, and the next job has its token already.
    local function takenBefore()
      for _, id in ipairs(call('LRANGE', base .. 'active', 0, -1)) do
        if id ~= job and call('GET', base .. id .. ':lock') == token then
          return {call('HGETALL', base .. id), id, 0, 0}
        end
      end
    end
    local function takeNext(fields, id)
      local next = string.match(id, '^(.*)%.') or id
      if string.sub(next, 1, 5) == '${TEST_MODE}' ~= (string.sub(key, 1, 5) == '${TEST_MODE}') then return false end
      for at = 1, #fields, 2 do
        if fields[at] == 'data' and string.sub(fields[at + 1], 1, #data) == data then
          return take(base .. 'inbox:' .. next, open, base .. 'done:' .. next, next)
        end
      end
      return false
    end
    local state = acknowledge()
    local ended = state == 1 and complete({unpack(KEYS, 4)}, {unpack(ARGV, 10)}) or false
    if type(ended) == 'number' and ended < 0 then ended = takenBefore() or ended end
    if type(ended) ~= 'table' or type(ended[1]) ~= 'table' then return {state, ended, false} end
    return {state, ended, takeNext(ended[1], ended[2])}`,
  );
}

export const ACKNOWLEDGE = /* @__PURE__ */ madeFrom(acknowledge);

export const TAKE_BACK = script(
  "sequence, job, result, ttl",
  `local stored = call('GETRANGE', record, 0, 37)
  if sequenceOf(stored) ~= sequence then return call('GET', done) == result and 1 or 0 end -- ioredis may send it twice
  if stored ~= sequence .. '00' or string.find(call('HGET', open, key) or '', job, 1, true) ~= 1 then return 0 end
  call('DEL', record)
  call('SET', done, result, 'PX', ttl)
  call('HDEL', open, key)
  return 1`,
);

export const FATE = script("", "return {call('GET', done), call('HGET', open, key)}");

/**
 * Whether each of some jobs exists and is not completed. Takes the list of completed jobs and then the jobs as keys,
 * and the jobs' ids as arguments. The script needs only two commands for hundreds of jobs. This matters, because any
 * number of users may wait.
 */
export const ALL_OPEN = new Script(`
  local scores = redis.pcall('ZMSCORE', KEYS[1], unpack(ARGV))
  if scores.err then return 0 end -- Redis 6.0 and older do not know the command
  for at = 1, #ARGV do if scores[at] then return 0 end end
  return redis.call('EXISTS', unpack(KEYS, 2)) == #ARGV and 1 or 0
`);

export const LIST = script("cursor", "return call('HSCAN', open, cursor, 'COUNT', 500)");

export const GIVE_JOB = script(
  "before, newJob",
  `if call('HGET', open, key) ~= before then return 0 end
  call('HSET', open, key, newJob)
  return 1`,
);

export const COUNT = script("", "return call('HLEN', open)");

export const CLAIM = new Script("return redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1])");
