"""Mail addresses as an account has them: plain, whole and folded, so that one person is one account."""

LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
"""Characters (RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.3)."""
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+/=?^_`{|}~-")
_LABEL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def folded(text: str) -> str | None:
    """The address, trimmed and in lower case; None when it is not one that mail can be sent to.

    A dot-atom and a host of at least two labels (RFC 5322, section 3.4.1): no quoted local parts, no addresses of
    machines, no letters beyond ASCII, which hardly any mail server takes.
    """
    address = text.strip().lower()
    local, _, host = address.rpartition("@")
    is_good = len(address) <= LONGEST_ADDRESS and _is_local(local) and _is_host(host)
    return address if is_good else None


def _is_local(local: str) -> bool:
    return 0 < len(local) <= LONGEST_LOCAL_PART and all(local.split(".")) and set(local) <= _LOCAL


def _is_host(host: str) -> bool:
    labels = host.split(".")
    return len(labels) > 1 and not labels[-1].isdecimal() and all(map(_is_label, labels))


def _is_label(label: str) -> bool:
    return 0 < len(label) <= 63 and set(label) <= _LABEL and not label.startswith("-") and not label.endswith("-")  # noqa: PLR2004 - RFC 1035, section 2.3.4
