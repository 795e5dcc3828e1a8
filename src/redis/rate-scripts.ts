import { Script } from "./client.ts";

/*
 * The state of a shared rate lies in one hash, and every decision is one script with Redis's own time, so clocks of machines do
 * not matter. A list holds when the last requests started: timers of busy processes are late, and late requests would come
 * together with those that are on time. Slots are given in advance, one interval apart and without a burst, so a late timer
 * loses none. What 429s teach follows src/transport/limiter/rate.ts, which explains it; the constants are the same. `epoch` is
 * raised when a pause or another rate makes the slots that were given invalid.
 */
const STATE = `
  local time = redis.call("TIME")
  local now = time[1] * 1000 + time[2] / 1000
  local own = tonumber(ARGV[1])
  local s = {
    tail = 0, paused = 0, epoch = 0, from = own, to = own, resumedAt = now - 10, riseFrom = now, riseMs = 1,
    doublingMs = 1, refusedAt = -1, pauseMs = 1000, accepted = 0, acceptedInAll = 0, idleMs = 0, doubtLeft = 0,
    doubtRate = 0, proven = 0, unrelatedUntil = 0, unrelatedMs = 60000, score = 0,
    askedAt = 0, silentUntil = 0, returned = 0
  }
  local stored = redis.call("HGETALL", KEYS[1])
  for at = 1, #stored, 2 do s[stored[at]] = tonumber(stored[at + 1]) end

  local function save()
    local fields = {}
    for name, value in pairs(s) do
      fields[#fields + 1] = name
      fields[#fields + 1] = string.format("%.17g", value)
    end
    redis.call("HSET", KEYS[1], unpack(fields))
    redis.call("PEXPIRE", KEYS[1], 86400000)
  end

  local function rate()
    if s.refusedAt < 0 or now < s.unrelatedUntil then return own end
    if s.doubtLeft > 0 then return math.min(own, s.doubtRate) end
    local risen = (now - s.riseFrom) / s.riseMs
    if risen < 0 then return math.min(own, s.from) end
    if risen < 1 then return math.min(own, s.from + (s.to - s.from) * risen) end
    return math.min(own, s.to * 2 ^ math.min(60, (now - s.riseFrom - s.riseMs) / s.doublingMs))
  end

  local function resume(at, pauseMs)
    s.resumedAt, s.riseFrom, s.pauseMs, s.accepted, s.idleMs = at, at, pauseMs, 0, 0
  end

  local function forget()
    s.refusedAt, s.proven, s.doubtLeft, s.acceptedInAll = -1, 0, 0, 0
    resume(now - 10, 1000)
  end

  -- Clients tell what was accepted with their next command: in all, and of the epoch that they knew.
  local function noteAccepted(inAll, inEpoch, epoch)
    s.accepted = s.accepted + inAll
    s.acceptedInAll = s.acceptedInAll + inAll
    s.score = math.max(0, s.score - inAll * math.log(0.85 / 0.5))
    if s.doubtLeft == 0 or epoch ~= s.epoch then return end
    s.doubtLeft = math.max(0, s.doubtLeft - inEpoch)
    if s.doubtLeft == 0 then resume(now, s.pauseMs + now - s.resumedAt) end
  end
  noteAccepted(tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]))
`;

/** Needs `now`. Notes a start in the list, or gives the milliseconds after which as many have started as may in the window. */
const START = `
  local function start(most, windowMs)
    local oldest = redis.call("LINDEX", KEYS[2], most - 1)
    local wait = oldest and tonumber(oldest) + windowMs - now or 0
    -- More than the window: the clock was set back.
    if wait > 0 and wait <= windowMs then return wait end
    redis.call("LPUSH", KEYS[2], string.format("%.3f", now))
    redis.call("LTRIM", KEYS[2], 0, most - 1)
    redis.call("PEXPIRE", KEYS[2], math.ceil(windowMs) * 2)
    return 0
  end
`;

/**
 * Gives the next slot, if it is within so many milliseconds. A slot that is there at once is started.
 * Arguments: own rate per ms, accepted in all, accepted in the epoch, the epoch, within ms, most starts in the window, its ms, the
 * share of the rate that the client used without Redis if it has just returned, else 0.
 * Result: whether it was given, ms until the slot, epoch, requests per second, ms that the pause still lasts.
 */
export const RESERVE = new Script(`${STATE} ${START}
  -- After Redis was away, clients notice one after the other that it is back. Until all have, those that go on alone use
  -- their shares, so only the shares of those that have returned are given out.
  if now - s.askedAt > 500 then s.silentUntil, s.returned = now, 0 end
  s.askedAt = now
  local current = rate()
  if now < s.silentUntil + 3000 then
    s.returned = s.returned + tonumber(ARGV[8])
    if s.returned > 0 then current = math.min(current, own * s.returned) end
  end
  local interval = 1 / current
  local earliest = now
  if s.paused > now then earliest = s.paused
  elseif s.tail > 0 and s.tail < earliest then s.idleMs = s.idleMs + earliest - s.tail end
  local slot = math.max(s.tail, earliest)
  local wait = math.max(0, slot - now)
  local given = wait <= tonumber(ARGV[5]) and 1 or 0
  if given == 1 then s.tail = slot + interval end
  if given == 1 and wait == 0 then wait = start(tonumber(ARGV[6]), tonumber(ARGV[7])) end
  save()
  local pause = math.max(0, s.paused - now)
  return { given, string.format("%.3f", wait), s.epoch, string.format("%.6f", rate() * 1000), string.format("%.3f", pause) }
`);

/**
 * Learns from a 429.
 * Arguments: own rate per ms, accepted in all, accepted in the epoch, the epoch, the epoch of the refused turn, pause ms.
 */
export const REFUSED = new Script(`${STATE}
  local turnEpoch, resumeAt = tonumber(ARGV[5]), math.max(now + tonumber(ARGV[6]), s.paused)

  local function learn(at)
    local current = rate()
    local ms = now - s.resumedAt
    local upper = math.min(current, (s.accepted + 1) / math.max(ms - s.idleMs, 1))
    local lower = math.max(0, math.min(upper, (s.acceptedInAll - 1) / math.max(ms + s.pauseMs, 1)))
    if s.score < 3 and upper < 0.9 * s.proven then
      s.unrelatedUntil = now + s.unrelatedMs
      s.unrelatedMs = math.min(s.unrelatedMs * 2, 600000)
      forget()
      return
    end
    -- After a hundred acceptances the measured rate is precise, and a 429 more likely to come from unevenness on the way.
    local isExpected = s.refusedAt < 0 or current > 1.03 * s.to or s.acceptedInAll >= 100
    local slowest = math.min(1 / 1000, own)
    s.from = math.max(slowest, 0.99 * (lower + 0.6 * (upper - lower)))
    s.to = math.max(s.from, 0.99 * upper)
    if s.acceptedInAll >= 4 then s.proven = math.max(s.proven, lower) end
    s.doubtRate = math.max(slowest, 0.75 * math.min(upper, s.proven), upper / 1.5)
    local enough = math.min(50, math.max(10, 2 * s.acceptedInAll))
    s.doubtLeft = isExpected and 0 or math.ceil(math.min(enough, math.max(5, 3000 * s.doubtRate)))
    s.refusedAt = now
    local patience = math.min(2000, 100 / s.to)
    s.riseMs = math.max(patience, math.min(10 * (at - now), 30000))
    s.doublingMs = 5 * patience
    s.acceptedInAll = 0
    resume(at, at - now)
  end

  local function changed(pauses)
    if pauses then s.paused = math.max(s.paused, resumeAt) end
    s.epoch = s.epoch + 1
    s.tail = math.max(now, s.paused)
  end

  s.score = s.score + math.log(0.5 / 0.15)
  if now < s.unrelatedUntil and s.score >= 8 then
    s.unrelatedUntil = 0
    forget()
  end
  local isFirst = s.refusedAt < 0
  local pauses = isFirst or now < s.resumedAt or s.score >= 3
  local extends = pauses and resumeAt > math.max(now, s.resumedAt)
  if now >= s.unrelatedUntil then
    if turnEpoch < s.epoch or (not isFirst and s.acceptedInAll < 4 and (s.score < 3 or resumeAt > now)) then
      -- Sent before the last change was known, or too soon after it: it teaches nothing, but may ask for a longer pause.
      if extends and (turnEpoch < s.epoch or s.score >= 3) then
        resume(resumeAt, s.pauseMs + resumeAt - s.resumedAt)
        changed(true)
      end
    else
      learn(pauses and resumeAt or now)
      changed(pauses and now >= s.unrelatedUntil)
    end
  end
  save()
  return s.epoch
`);

/**
 * Starts a request at a slot that was waited for. Arguments: its epoch, most starts in the window, the window's ms.
 * Result: 0, or the ms after which it may be tried again; -1 if the slot is not valid any more.
 */
export const BEGIN = new Script(`
  local time = redis.call("TIME")
  local now = time[1] * 1000 + time[2] / 1000
  ${START}
  if tonumber(redis.call("HGET", KEYS[1], "epoch") or 0) ~= tonumber(ARGV[1]) then return "-1" end
  return string.format("%.3f", start(tonumber(ARGV[2]), tonumber(ARGV[3])))
`);

/** Answers if Redis does. */
export const PING = new Script("return 1");
