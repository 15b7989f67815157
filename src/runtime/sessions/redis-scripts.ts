// What Redis does in one step each, in its Lua. A session is a hash: fields whose names begin with
// `"` are its keys, as JSON, and the others are what is kept about it. It has the time to live that
// is left to it. Beside it stand indexes by last use: one of strangers, and one for each user.
//
//   portico:session:DIGEST   user createdMs usedMs bytes "key" "other key"
//   portico:strangers        DIGEST by usedMs
//   portico:user:NAME        DIGEST by usedMs
//
// Time is Redis', as many servers may share it. Names of keys are made in the scripts: these are
// for one server, not for a cluster of them.
import { hash } from "node:crypto";

export const SESSION_PREFIX = "portico:session:";

export interface Script {
  readonly text: string;
  readonly sha1: string;
}

/** `false` is Lua's for a field that is not there. */
const COMMON = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local idle, absolute = tonumber(ARGV[1]), tonumber(ARGV[2])
local strangers = 'portico:strangers'
local function keyOf(digest) return '${SESSION_PREFIX}' .. digest end
local function indexOf(user) return user and 'portico:user:' .. user or strangers end

local function drop(digest)
  redis.call('ZREM', indexOf(redis.call('HGET', keyOf(digest), 'user')), digest)
  return redis.call('DEL', keyOf(digest))
end

-- When it was made and used, as noted; nil where there is none, or none any more.
local function times(digest)
  local noted = redis.call('HMGET', keyOf(digest), 'createdMs', 'usedMs')
  local created, used = tonumber(noted[1] or nil), tonumber(noted[2] or nil)
  if not created then return nil end
  if used + idle > now and created + absolute > now then return created, used end
  drop(digest)
  return nil
end

-- What was made later than now, because a clock was set back, was made now.
local function use(digest, created)
  local key = keyOf(digest)
  local made = math.min(created, now)
  redis.call('HSET', key, 'createdMs', string.format('%.0f', made))
  redis.call('HSET', key, 'usedMs', string.format('%.0f', now))
  redis.call('PEXPIRE', key, string.format('%.0f', math.min(idle, made + absolute - now)))
  local index = indexOf(redis.call('HGET', key, 'user'))
  redis.call('ZADD', index, now, digest)
  redis.call('PEXPIRE', index, string.format('%.0f', idle))
end
`;

/** ARGV: idle, absolute, a use older than this is noted, digest. The hash, or nothing. */
export const LOAD = script(`
local digest = ARGV[4]
local created, used = times(digest)
if not created then return false end
if math.abs(now - used) > tonumber(ARGV[3]) then use(digest, created) end
return redis.call('HGETALL', keyOf(digest))
`);

/**
 * ARGV: idle, absolute, bytes, strangers, "create" or "save", digest, new digest, "keep", "set" or
 * "clear" of the user, the user, then field and value by turns: an empty value removes.
 */
export const WRITE = script(`
local bytesMax, strangersMax = tonumber(ARGV[3]), tonumber(ARGV[4])
local digest, newDigest = ARGV[6], ARGV[7]
local isFresh = ARGV[5] == 'create'
local created = now
if not isFresh then
  created = times(digest)
  if not created then return 'gone' end
end
if isFresh or digest ~= newDigest then
  if redis.call('EXISTS', keyOf(newDigest)) == 1 then return 'taken' end
end

local key = keyOf(digest)
local userBefore = redis.call('HGET', key, 'user')
local user = userBefore
if ARGV[8] == 'set' then user = ARGV[9] elseif ARGV[8] == 'clear' then user = false end
local before = tonumber(redis.call('HGET', key, 'bytes') or '0')
local bytes = before - #(userBefore or '') + #(user or '')
for at = 10, #ARGV, 2 do
  local length = redis.call('HSTRLEN', key, ARGV[at])
  if length > 0 then bytes = bytes - #ARGV[at] - length end
  if ARGV[at + 1] ~= '' then bytes = bytes + #ARGV[at] + #ARGV[at + 1] end
end
if bytes > bytesMax and bytes > before then return 'tooLarge' end

redis.call('ZREM', indexOf(userBefore), digest)
if not isFresh and digest ~= newDigest then redis.call('RENAME', key, keyOf(newDigest)) end
key = keyOf(newDigest)
for at = 10, #ARGV, 2 do
  if ARGV[at + 1] == '' then redis.call('HDEL', key, ARGV[at])
  else redis.call('HSET', key, ARGV[at], ARGV[at + 1]) end
end
redis.call('HSET', key, 'bytes', bytes)
if user then redis.call('HSET', key, 'user', user) else redis.call('HDEL', key, 'user') end
use(newDigest, created)

if not user and redis.call('ZCARD', strangers) > strangersMax then
  redis.call('ZREMRANGEBYSCORE', strangers, '-inf', now - idle)
  local over = math.min(redis.call('ZCARD', strangers) - strangersMax, 100)
  for _, last in ipairs(redis.call('ZRANGE', strangers, 0, over)) do
    if over > 0 and last ~= newDigest then
      drop(last)
      over = over - 1
    end
  end
end
return 'saved'
`);

/** ARGV: idle, absolute, digest. How many it ended. */
export const END = script("return drop(ARGV[3])");

/** ARGV: idle, absolute, user. How many it ended. */
export const END_USER = script(`
local index, ended = indexOf(ARGV[3]), 0
for _, digest in ipairs(redis.call('ZRANGE', index, 0, -1)) do
  if redis.call('HGET', keyOf(digest), 'user') == ARGV[3] then ended = ended + drop(digest) end
end
redis.call('DEL', index)
return ended
`);

function script(own: string): Script {
  const text = `${COMMON}${own}`;
  return { text, sha1: hash("sha1", text, "hex") };
}
