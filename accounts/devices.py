"""A browser's description of itself in a word or two. Pure."""

from accounts.enums import Device

_BROWSERS = (
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("coc_coc", "Cốc Cốc"),
    ("firefox", "Firefox"),
    ("chrom", "Chrome"),
    ("safari", "Safari"),
)


def device_of(agent: str) -> tuple[Device, str]:
    """The kind of device and the browser's family, "" when it is none that we know."""
    text = agent.lower()
    browser = next((name for mark, name in _BROWSERS if mark in text), "")
    return _kind(text), browser


def _kind(text: str) -> Device:
    if "ipad" in text or "tablet" in text or ("android" in text and "mobile" not in text):
        return Device.TABLET
    if "iphone" in text or "mobile" in text or "android" in text:
        return Device.PHONE
    if any(mark in text for mark in ("windows", "macintosh", "x11", "linux", "cros")):
        return Device.COMPUTER
    return Device.UNKNOWN
