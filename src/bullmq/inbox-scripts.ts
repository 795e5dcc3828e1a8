import { getOrMake } from "../core/values.ts";
import { Script } from "../redis/client.ts";
import { TEST_MODE } from "./job.ts";

// Each step is one Redis script, so no other process can change a record in the middle of it.

// A record is one text, because a Redis hash takes twice the memory. Its parts have fixed positions, so that a script
// changes one without writing the state again.
const HEAD = { sequence: [0, 36], begun: [36, 37], owed: [37, 38], retried: [38, 39], revision: [39, 55] } as const;

// `isOwed`: the sender was told that the state will be sent. `state` may be encrypted.
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

export function revisionText(revision: number | undefined): string {
  const [from, to] = HEAD.revision;
  return String(revision ?? "").padEnd(to - from);
}

function script(args: string, body: string): Script {
  return new Script(`
    local call = redis.call
    local record, open, done = unpack(KEYS)
    local key ${args && `, ${args}`} = unpack(ARGV)
    local function sequenceOf(text) return string.sub(text or '', 1, 36) end
    ${body}
  `);
}

// Stores a state, and adds a job by BullMQ's script `lua` unless one waits. Returns the record if it was written
// meanwhile, otherwise the ids of the job and of the former job. An empty state keeps the stored state, which is newer.
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

function madeFrom(make: (lua: string) => Script): (lua: string) => Script {
  const made = new Map<string, Script>();
  return (lua) => getOrMake(made, lua, () => make(lua));
}

export const PUT = /* @__PURE__ */ madeFrom(put);

// `take` returns the record, 1 if it was acknowledged, or 0 if it is lost.
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

// Acknowledges a state, ends its job by BullMQ's `lua`, and takes the next job's record. Returns 1, 0 (a newer state
// waits) or -1 (a newer one was acknowledged); the answer of `lua`; the answer of TAKE if the next job has the same
// mode and `data`.
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

// Asks about hundreds of jobs with two commands, because any number of users may wait.
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
