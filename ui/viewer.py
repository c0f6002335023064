"""A publication and an address -> what is shown of it, with the pictures of its pages drawn where there are any.

In: a source, a permalink, who draws (None: nobody does, and texts are shown). Out: the view and its sheets.
"""

from __future__ import annotations

from ingest.pdf.packed import PagePicture
from ui.library import Source
from ui.permalink import Permalink
from ui.pictures import Pictures, is_pdf
from ui.sheets import Sheet, masks_of, sheets_of
from ui.view import View, view_of


def read_on(source: Source, link: Permalink, pictures: Pictures | None) -> tuple[View, tuple[Sheet, ...]]:
    """What is shown, and the pages of it that have a picture."""
    view = view_of(source, link)
    if not source.paged or not is_pdf(source.document.publication):
        return view, ()
    return view, sheets_of(source, view, lambda number: picture_of(source, number, pictures))


def picture_of(source: Source, number: int, pictures: Pictures | None) -> PagePicture | None:
    """A page of the publication, contacts painted over."""
    if pictures is None:
        return None
    return pictures.page(source.document.publication, number, masks_of(source.document, number))
