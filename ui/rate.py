"""How often one address may ask for what computes: so many requests a minute, then 429 until there is room again.

The one module that knows `limits` (MIT, alive, no server of its own): two counters for an address, weighed over the sliding
minute. slowapi wraps it for decorated routes, and would reach neither Gradio's nor mounted ones. Memory is bounded: addresses
share a fixed number of buckets by a keyed hash, which also means that no address is kept.
"""

from __future__ import annotations

import math
import secrets
import time
from hashlib import blake2b

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

# Two of a hundred people who ask in the same minute share a bucket at one chance in two; a bucket is two counters.
_BUCKETS = 8192


class Rate:
    """Counts requests by address. Thread-safe."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._key = secrets.token_bytes(16)

    def wait(self, address: str) -> int:
        """Count a request of `address`; 0 when it may pass, else the seconds after which to try again."""
        digest = blake2b(address.encode(), key=self._key, digest_size=8).digest()
        bucket = str(int.from_bytes(digest) % _BUCKETS)
        if self._limiter.hit(self._item, bucket):
            return 0
        resets = self._limiter.get_window_stats(self._item, bucket).reset_time
        return max(1, math.ceil(resets - time.time()))
