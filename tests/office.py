"""DOCX and ODT files as the tests make them: a zip of the few members that a reader needs, with a body of our own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from ingest.sniff import ODT

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_ODF = {
    "office": "office:1.0",
    "text": "text:1.0",
    "table": "table:1.0",
    "draw": "drawing:1.0",
    "style": "style:1.0",
    "fo": "xsl-fo-compatible:1.0",
}


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip of these members, in this order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return target.getvalue()


def docx(body: str, *, styles: str = "", footnotes: str = "", links: Mapping[str, str] | None = None) -> bytes:
    """A DOCX whose body is this WordprocessingML; `links` are the targets of relationships by their ids."""
    external = "".join(
        f'<Relationship Id="{rel}" Type="{_OFFICE}/hyperlink" Target="{url}" TargetMode="External"/>'
        for rel, url in (links or {}).items()
    )
    parts = ["document", "styles", "footnotes"]
    related = "".join(f'<Relationship Id="r{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>' for name in parts[1:])
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{"document.main" if name == "document" else name}+xml"/>'
        for name in parts
    )
    spaces = (
        f'xmlns:w="{_W}" xmlns:r="{_OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
            "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {spaces}>{styles}</w:styles>",
            "word/footnotes.xml": f"<w:footnotes {spaces}>{footnotes}</w:footnotes>",
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELS}">{related}{external}</Relationships>',
        }
    )


def odt(body: str, *, styles: str = "", manifest: str = "") -> bytes:
    """An ODT whose text is this OpenDocument markup; `styles` are automatic."""
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}"' for name, uri in _ODF.items())
    spaces += ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    return zipped(
        {
            "mimetype": ODT,
            "content.xml": f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT}"/>{manifest}</manifest:manifest>',
        }
    )
