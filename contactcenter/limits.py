"""How often one may try: token buckets in Redis, shared by all processes. While Redis is away, everyone may.

A bucket holds `burst` tokens and fills again over `period`; every try takes one. Buckets protect codes and passwords
from being guessed; they are never in the way of taking a request in.
"""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import redis
from django.conf import settings

log = logging.getLogger(__name__)

# tokens and the time they were counted; whole seconds would let a burst through at each tick
COUNT = """
local now = redis.call('TIME')
local at = tonumber(now[1]) + tonumber(now[2]) / 1000000
local burst, period = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(kept[1]) or burst
tokens = math.min(burst, tokens + (at - (tonumber(kept[2]) or at)) * burst / period)
local allowed = tokens >= 1
if allowed then tokens = tokens - tonumber(ARGV[3]) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(at))
redis.call('EXPIRE', KEYS[1], math.ceil(period))
return allowed and 1 or 0
"""


@lru_cache(maxsize=1)
def _connection() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many tries in so much time, for each key."""

    name: str
    burst: int
    period: timedelta

    def allows(self, key: str) -> bool:
        """Whether this one may try now; the try is counted."""
        return self._count(key, cost=1)

    def is_spent(self, key: str) -> bool:
        """Whether this one would have to wait; asking costs nothing."""
        return not self._count(key, cost=0)

    def _count(self, key: str, *, cost: int) -> bool:
        rate = (self.burst, self.period.total_seconds(), cost)
        try:
            return bool(_connection().eval(COUNT, 1, self._bucket(key), *rate))
        except redis.RedisError:
            log.warning("limits.redis_away", extra={"limit": self.name})
            return True

    def _bucket(self, key: str) -> str:
        """Addresses and names do not lie in Redis in clear."""
        digest = hmac.new(settings.SECRET_KEY.encode(), f"{self.name}:{key}".encode(), hashlib.sha256)
        return f"limit:{self.name}:{digest.hexdigest()[:32]}"
