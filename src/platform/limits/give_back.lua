-- Takes back one attempt from every key; counter.rs says how. All times are in milliseconds.
-- ARGV: now; then for each key: allowed, window.
local now = tonumber(ARGV[1])

for i, key in ipairs(KEYS) do
    local allowed, window = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    local kept = redis.call('HMGET', key, 'spent', 'carried', 'strikes', 'resets_at')
    local spent, carried = tonumber(kept[1] or 0), tonumber(kept[2] or 0)
    local strikes, resets_at = tonumber(kept[3] or 0), tonumber(kept[4] or 0)
    if resets_at > now and spent > 0 then
        if spent + carried >= allowed then
            strikes = math.max(strikes - 1, 0)
            resets_at = math.min(resets_at, now + window)
        end
        redis.call('HSET', key, 'spent', spent - 1, 'strikes', strikes, 'resets_at', resets_at)
    end
end
return 0
