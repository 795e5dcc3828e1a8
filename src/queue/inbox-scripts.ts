/** What happens to a record of the inbox in Redis, each in one step that no other process comes between. */
import { Script } from "../redis/client.ts";

/** A script over the keys of one user, in the order in which the inbox names them. */
function script(args: string, body: string): Script {
  return new Script(`
    local call = redis.call
    local record, open, done, kept = unpack(KEYS)
    local key ${args && `, ${args}`} = unpack(ARGV)
    ${body}
  `);
}

/** The record, and the user's job. */
export const READ = script(
  "",
  `local fields = call('HMGET', record, 'state', 'sequence', 'revision', 'owed')
  fields[5] = call('HGET', open, key)
  return fields`,
);

/** Writes only over the record that was read. An empty state leaves the stored one, which is newer. Gives the job's id. */
export const PUT = script(
  "read, state, sequence, revision, owed, newJob, ttl, user",
  `if (call('HGET', record, 'sequence') or '') ~= read then return 0 end
  if state ~= '' then call('HSET', record, 'state', state, 'sequence', sequence, 'revision', revision, 'retried', '') end
  if owed ~= '' then call('HSET', record, 'owed', '1', 'revision', '') end
  call('PEXPIRE', record, ttl)
  local job = call('HGET', record, 'job')
  if job then return job end
  call('HSET', record, 'job', newJob)
  call('HSET', open, key, user)
  return newJob`,
);

/** Gives the record, or 1 if it was acknowledged, or 0 if it is lost: from then on the inbox does not count it. */
export const TAKE = script(
  "",
  `if call('EXISTS', record) == 0 then
    if call('HDEL', open, key) == 0 then return call('EXISTS', done) end
    call('DEL', done)
    return 0
  end
  call('HDEL', record, 'job')
  return call('HMGET', record, 'state', 'sequence', 'revision', 'owed', 'retried')`,
);

/** A state that was taken back may have replaced a newer one than what is kept, which a worker has. */
export const KEPT = script(
  "",
  `local fields = call('HMGET', kept, 'state', 'sequence')
  local last = (fields[2] or '') .. ' '
  local isLast = string.sub(call('GET', done) or '', 1, #last) == last
  return isLast and call('EXISTS', record) == 0 and fields or {}`,
);

export const NOTE = script(
  "sequence, revision, retried",
  `local stored = call('HMGET', record, 'sequence', 'revision')
  if stored[1] ~= sequence then return end
  if (stored[2] or '') ~= '' then call('HSET', record, 'revision', revision) end
  call('HSET', record, 'retried', retried)`,
);

export const ACKNOWLEDGE = script(
  "sequence, result, ttl, keepMs",
  `local stored = call('HGET', record, 'sequence')
  if not stored then return call('GET', done) == result and 1 or -1 end -- ioredis may send it twice
  if stored ~= sequence then return 0 end
  call('HDEL', record, 'job')
  call('RENAME', record, kept)
  call('PEXPIRE', kept, keepMs)
  call('SET', done, result, 'PX', ttl)
  call('HDEL', open, key)
  return 1`,
);

export const TAKE_BACK = script(
  "sequence, job, result, ttl",
  `local stored = call('HMGET', record, 'sequence', 'job', 'owed')
  if not stored[1] then return call('GET', done) == result and 1 or 0 end -- ioredis may send it twice
  if stored[1] ~= sequence or stored[2] ~= job or stored[3] then return 0 end
  call('DEL', record)
  call('SET', done, result, 'PX', ttl)
  call('HDEL', open, key)
  return 1`,
);

export const FATE = script("", "return {call('GET', done), call('HGET', open, key)}");

export const LIST = script("cursor", "return call('HSCAN', open, cursor, 'COUNT', 500)");

export const GIVE_JOB = script(
  "before, user, newJob",
  `if call('HGET', open, key) ~= before then return 0 end
  call('HSET', open, key, user)
  if call('HEXISTS', record, 'job') == 1 then call('HSET', record, 'job', newJob) end
  return 1`,
);

export const COUNT = script("", "return call('HLEN', open)");

export const CLAIM = new Script("return redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1])");
