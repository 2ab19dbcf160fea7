-- Counts one attempt on every key, or on none; counter.rs says how. All times are in milliseconds.
-- ARGV: now; then for each key: allowed, window, longest.
-- Answers with the end of the longest pause, or with 0 when all were counted.
local now = tonumber(ARGV[1])
local counters, paused_until = {}, 0

for i, key in ipairs(KEYS) do
    local kept = redis.call('HMGET', key, 'spent', 'carried', 'strikes', 'resets_at')
    local counter = {
        allowed = tonumber(ARGV[3 * i - 1]),
        window = tonumber(ARGV[3 * i]),
        longest = tonumber(ARGV[3 * i + 1]),
        spent = tonumber(kept[1] or 0),
        carried = tonumber(kept[2] or 0),
        strikes = tonumber(kept[3] or 0),
        resets_at = tonumber(kept[4] or 0),
    }
    counter.is_full = counter.spent + counter.carried >= counter.allowed
    if counter.is_full and now < counter.resets_at then
        paused_until = math.max(paused_until, counter.resets_at)
    end
    counters[i] = counter
end
if paused_until > 0 then
    return paused_until
end

for i, key in ipairs(KEYS) do
    local counter = counters[i]
    if counter.resets_at + counter.longest <= now then
        counter.strikes = 0
    end
    if counter.resets_at <= now then
        local is_over = counter.is_full or counter.resets_at + counter.window <= now
        counter.carried = is_over and 0 or counter.spent
        counter.spent = 0
        counter.resets_at = now + counter.window
    end
    counter.spent = counter.spent + 1
    if counter.spent + counter.carried >= counter.allowed then
        counter.resets_at = now + math.min(counter.longest, counter.window * 2 ^ math.min(counter.strikes, 16))
        counter.strikes = counter.strikes + 1
    end
    redis.call('HSET', key, 'spent', counter.spent, 'carried', counter.carried,
        'strikes', counter.strikes, 'resets_at', counter.resets_at)
    redis.call('PEXPIRE', key, counter.resets_at - now + math.max(counter.window, counter.longest))
end
return 0
