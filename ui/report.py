"""An answer -> the link by which its reader tells an error. Pure; nothing is sent unless the reader sends it.

With an e-mail address in the settings: a mail begun, with the question and the sources of the answer, that the reader sees
before it leaves. With an https address: that page, and nothing of the question in the address. Without either: what
`/a-propos` says about it.
"""

from __future__ import annotations

from urllib.parse import quote

from rag.answer import Answer
from ui import texts_plain as texts
from ui.site import Site

EXPLAINED = "a-propos#signaler"
# Mail programs take addresses of some 2,000 characters; of sources that would not fit the first are named.
_LONGEST, _LONGEST_QUESTION = 1900, 200
_BREAK = "\r\n"


def report_address(answer: Answer, site: Site) -> str:
    """Where the link of this answer leads, relative to the chat's page."""
    contact = site.contacts.errors
    if not contact:
        return EXPLAINED
    if contact.startswith("https://"):
        return contact
    subject = quote(texts.REPORT_SUBJECT.format(name=site.name))
    body = [texts.REPORT_QUESTION.format(question=answer.question[:_LONGEST_QUESTION])]
    if answer.index_build:
        body.append(texts.REPORT_BUILD.format(build=answer.index_build))
    body += ["", texts.REPORT_REMARK, "", ""]
    sources = [
        f"[{one.n}] {one.title}{f', p. {one.page}' if one.page else ''} ({one.publication_id}, {one.start}-{one.end})"
        for one in answer.citations
    ]
    while True:
        lines = [*body[:-4], texts.REPORT_SOURCES, *sources, *body[-4:]] if sources else body
        address = f"mailto:{contact}?subject={subject}&body={quote(_BREAK.join(lines), errors='replace')}"
        if len(address) <= _LONGEST or not sources:
            return address
        sources.pop()
