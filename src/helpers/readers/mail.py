"""E-mails (`.eml`): newsletters and alerts, read with the standard library."""
from __future__ import annotations

from email import policy
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

from helpers.readers.office import unwrap
from helpers.readers.pages import render
from helpers.readers.source import ReadError, Source, decode, rendered


def read_eml(path: Path, data: bytes) -> Source:
    """The subject and the body of an e-mail: its plain text, else its page rendered to lines; no attachment."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    try:
        part = message.get_body(preferencelist=("plain", "html"))
        payload = part.get_payload(decode=True) if part is not None else None
    except Exception:       # headers broken in a way that the library does not foresee
        part = payload = None
    if part is None or not isinstance(payload, bytes) or not payload.strip():
        raise ReadError(path, "no text was found in this e-mail", "Open it, copy its text, and save it as .txt")
    text, encoding, notes = decode(path, payload, part.get_content_charset())
    if part.get_content_type() == "text/html":
        text = render(path, text)
    else:
        text = "\n\n".join(unwrap(text.replace("\r\n", "\n").split("\n")))
    subject, sender = _header(message, "Subject"), _header(message, "From")
    name, address = parseaddr(sender)
    about = {"title": subject, "outlet": name or address.partition("@")[2]}
    try:
        about |= {"published": parsedate_to_datetime(_header(message, "Date")).date().isoformat(),
                  "evidence": "the Date line of the e-mail"}
    except (TypeError, ValueError):
        pass
    link = _header(message, "Archived-At").strip("<> ")
    if subject and not text.lstrip().startswith(subject):
        text = f"{subject}\n\n{text}"
    return rendered(path, data, text, "eml", encoding=encoding, notes=notes, about=about,
                    url=link if link.startswith("http") else None)


def _header(message, name: str) -> str:
    try:
        return " ".join(str(message.get(name) or "").split())
    except Exception:       # a header that cannot be decoded
        return ""
