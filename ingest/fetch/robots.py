"""robots.txt -> whether an address may be asked for, and how long to wait between two requests (RFC 9309).

In: the bytes of a robots.txt, or that there is none. Out: rules. Nothing is refused: what cannot be understood in a file
forbids nothing, as the standard has it. Whoever asks for the file decides what a missing one means.
"""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

# What sites write into robots.txt to speak to us; the user agent begins with it.
PRODUCT = "rtes-assistant"
MAX_ROBOTS = 512_000  # bytes that are read; the standard asks for 500 KiB at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What one site's robots.txt says to us. `crawl_delay` is in seconds, None where it says nothing."""

    rules: Protego
    crawl_delay: float | None

    @classmethod
    def parse(cls, data: bytes) -> Robots:
        """The rules of a file, read as UTF-8; what is beyond MAX_ROBOTS is left out, as is a line cut off there."""
        text = data[:MAX_ROBOTS].decode("utf-8-sig", errors="replace")
        if len(data) > MAX_ROBOTS:
            text = text[: text.rfind("\n") + 1]
        rules = Protego.parse(text)
        return cls(rules=rules, crawl_delay=rules.crawl_delay(PRODUCT))

    def allows(self, url: str) -> bool:
        """Whether we may ask for this address of the site."""
        return self.rules.can_fetch(url, PRODUCT)
