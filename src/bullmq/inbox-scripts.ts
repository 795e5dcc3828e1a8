import { Script } from "../redis/client.ts";

// Each step is one Redis script, so no other process can change a record in the middle of it. ioredis may send a step
// twice, if the connection breaks before the answer.

// A record is one text, because a Redis hash takes twice the memory. Its parts have fixed positions, so that a script
// changes one without writing the state again. `job`: the job whose work on the state has begun.
const HEAD = { sequence: [0, 16], owed: [16, 17], retried: [17, 18], revision: [18, 34], job: [34, 44] } as const;

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
    state: record.slice(HEAD.job[1]),
  };
}

export function padded(part: keyof typeof HEAD, value: number | string | undefined): string {
  const [from, to] = HEAD[part];
  return String(value ?? "").padEnd(to - from);
}

function script(args: string, body: string): Script {
  return new Script(`
    local call = redis.call
    local record, open, done = unpack(KEYS)
    local key ${args && `, ${args}`} = unpack(ARGV)
    local function sequenceOf(text) return string.sub(text or '', 1, 16) end
    local function jobOf(text) return string.match(string.sub(text or '', 35, 44), '^%S+') or false end
    local function later(ms)
      local time = call('TIME')
      return time[1] * 1000 + math.floor(time[2] / 1000) + ms
    end
    ${body}
  `);
}

// Returns the record if it was written meanwhile. Otherwise whether the newest state is owed, whether the state joins
// one that waits, and the job that has begun with the former state. An empty state keeps the stored one, which is newer.
export const PUT = script(
  "read, state, sequence, revision, owed, ttl, checkMs",
  `local stored = call('GET', record)
  if sequenceOf(stored) == sequence then return {owed, 0, false} end
  if stored and not call('ZSCORE', open, key) then stored = false end -- it was acknowledged
  if sequenceOf(stored) ~= read then return {false, stored} end
  local job, retried = jobOf(stored), '0'
  if stored then
    local wasOwed, wasRetried = string.match(stored, '^(.)(.)', 17)
    if state == '' then
      if owed == '0' then revision = string.sub(stored, 19, 34) end
      sequence, retried, state = read, wasRetried, string.sub(stored, 45)
    end
    if wasOwed == '1' then owed = '1' end
  end
  call('SET', record, sequence .. owed .. retried .. revision .. string.rep(' ', 10) .. state, 'PX', ttl)
  call('ZADD', open, later(checkMs), key)
  return {owed, stored and not job and 1 or 0, job}`,
);

// Returns the record, 1 if it was acknowledged, or 0 if it is lost.
export const TAKE = script(
  "job",
  `local stored, last = unpack(call('MGET', record, done))
  if not stored then
    if call('ZREM', open, key) == 0 then return last and 1 or 0 end
    call('DEL', done)
    return 0
  end
  if sequenceOf(stored) == sequenceOf(last) then return 1 end
  call('SETRANGE', record, 34, job)
  return stored`,
);

export const KEPT = script(
  "",
  `local stored, last = unpack(call('MGET', record, done))
  return stored and sequenceOf(stored) == sequenceOf(last) and stored`,
);

// Returns 0 if a newer state waits.
export const NOTE = script(
  "sequence, revision, retried",
  `local stored = call('GETRANGE', record, 0, 33)
  if sequenceOf(stored) ~= sequence then return stored == '' and 1 or 0 end
  if not call('ZSCORE', open, key) then return 1 end
  if revision ~= '' and string.find(stored, '%d', 19) then call('SETRANGE', record, 18, revision) end
  if retried ~= '' then call('SETRANGE', record, 17, retried) end
  return 1`,
);

// Returns 1 if acknowledged, 0 if a newer state waits, -1 if a newer one was acknowledged.
export const ACKNOWLEDGE = script(
  "sequence, result, ttl, keepMs",
  `local stored = call('GETRANGE', record, 0, 15)
  if stored == sequence and call('ZREM', open, key) == 1 then
    call('SET', done, result, 'PX', math.max(ttl, keepMs + 60000))
    call('PEXPIRE', record, keepMs)
    return 1
  end
  if call('GET', done) == result then return 1 end
  return stored ~= '' and stored ~= sequence and call('ZSCORE', open, key) and 0 or -1`,
);

export const TAKE_BACK = script(
  "sequence, result, ttl",
  `local stored = call('GETRANGE', record, 0, 43)
  if sequenceOf(stored) ~= sequence then return call('GET', done) == result and 1 or 0 end
  if string.sub(stored, 17, 17) == '1' or jobOf(stored) then return 0 end
  call('DEL', record)
  call('SET', done, result, 'PX', ttl)
  call('ZREM', open, key)
  return 1`,
);

export const FATE = script(
  "",
  "return {call('GET', done), call('ZSCORE', open, key) and (jobOf(call('GETRANGE', record, 0, 43)) or '')}",
);

// Users to look for, with the jobs that have begun with them; they are not due again for a while.
export const DUE = script(
  "base, againMs",
  `local found = {}
  for _, user in ipairs(call('ZRANGEBYSCORE', open, '-inf', later(0), 'LIMIT', 0, 500)) do
    call('ZADD', open, later(againMs), user)
    table.insert(found, user)
    table.insert(found, jobOf(call('GETRANGE', base .. user, 0, 43)) or '')
  end
  return found`,
);

export const COUNT = script("", "return call('ZCARD', open)");

export const CLAIM = new Script("return redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1])");
