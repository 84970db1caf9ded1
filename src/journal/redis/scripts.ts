/**
 * What runs inside Redis, where nothing comes between. Keys are always the head of a run and its entries: the head is a hash of
 * `form`, `epoch`, `opening` (the id of the newest one), `length` and `bytes`; the entries are a stream with the ids `1-0`,
 * `2-0` … and the field `entry`. Each script answers with a word first. A client that reconnects may send a script again: but
 * for `remove`, each gives the same answer the second time.
 */

/** The version of the keys' form, which stands in `form`. */
export const keysForm = "1";

/** Answers `form` and the version when another release wrote the run, so that it is left alone. */
const checkForm = `
local form = redis.call('HGET', KEYS[1], 'form')
if form and form ~= '${keysForm}' then return {'form', form} end
`;

/**
 * Arguments: the id of the opening. Answers `opened`, the epoch and the length; or, before anything is changed, `changed`, the
 * length and how many entries there are.
 */
export const openScript: string = `${checkForm}
local length = redis.call('HGET', KEYS[1], 'length') or '0'
local present = redis.call('XLEN', KEYS[2])
if tonumber(length) ~= present then return {'changed', length, present} end
if redis.call('HGET', KEYS[1], 'opening') ~= ARGV[1] then
  redis.call('HINCRBY', KEYS[1], 'epoch', 1)
  redis.call('HSET', KEYS[1], 'opening', ARGV[1], 'form', '${keysForm}')
  redis.call('HSETNX', KEYS[1], 'length', 0)
  redis.call('HSETNX', KEYS[1], 'bytes', 0)
end
return {'opened', redis.call('HGET', KEYS[1], 'epoch'), length}
`;

/**
 * Arguments: the id of the opening, how many entries the run has, the id of the new one, its text. Answers `written`,
 * `fenced` and the newest epoch, `deleted`, or `changed` when the run has another length.
 */
export const appendScript: string = `
local head = redis.call('HMGET', KEYS[1], 'opening', 'epoch', 'length')
if not head[1] then return {'deleted'} end
if head[1] ~= ARGV[1] then return {'fenced', head[2]} end
local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
if newest and newest[1] == ARGV[3] and newest[2][2] == ARGV[4] then return {'written'} end
if head[3] ~= ARGV[2] or redis.call('XLEN', KEYS[2]) ~= tonumber(ARGV[2]) then return {'changed'} end
redis.call('XADD', KEYS[2], ARGV[3], 'entry', ARGV[4])
redis.call('HINCRBY', KEYS[1], 'length', 1)
redis.call('HINCRBY', KEYS[1], 'bytes', #ARGV[4])
return {'written'}
`;

/**
 * Arguments: how many bytes to give, and from which id on: `-`, or `(` and the last id. Answers `missing`, or `found`, the
 * length of the run, and for each entry its id and its text; one entry at least, however long it is.
 */
export const readScript: string = `${checkForm}
local length = redis.call('HGET', KEYS[1], 'length')
if not length then return {'missing'} end
local answer, bytes, from = {'found', length}, 0, ARGV[2]
repeat
  local page = redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', 16)
  for _, entry in ipairs(page) do
    answer[#answer + 1] = entry[1]
    answer[#answer + 1] = entry[2][2]
    bytes = bytes + #entry[2][2]
    from = '(' .. entry[1]
    if bytes >= tonumber(ARGV[1]) then return answer end
  end
until #page == 0
return answer
`;

/** Answers `missing`, or `found`, length, bytes, and the texts of the first entry and of the last when there are any. */
export const statScript: string = `${checkForm}
local head = redis.call('HMGET', KEYS[1], 'length', 'bytes')
if not head[1] then return {'missing'} end
local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
if not first then return {'found', head[1], head[2]} end
return {'found', head[1], head[2], first[2][2], last[2][2]}
`;

/** Answers `removed` or `missing`. */
export const removeScript: string = `
local there = redis.call('DEL', KEYS[1]) + redis.call('DEL', KEYS[2])
return {there > 0 and 'removed' or 'missing'}
`;
