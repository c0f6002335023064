"""The settings of the site: every fault at once, colours that can be read, a logo that is a picture."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import texts
from ui.cli import main
from ui.colours import DARK, LIGHT, Rgb, accent_problem, contrast, parse_hex, style_sheet
from ui.site import Site, SiteError, address_of, load_site

UI = Path(texts.__file__).parent
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
COLOURS = st.builds(Rgb, *[st.integers(0, 255)] * 3)


def written(folder: Path, text: str) -> str:
    path = folder / "site.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def faults(folder: Path, text: str) -> str:
    with pytest.raises(SiteError) as refused:
        load_site(written(folder, text))
    return str(refused.value)


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + bytes(20)


def test_without_a_file_and_with_the_one_that_is_shipped_the_site_is_the_same() -> None:
    assert load_site("") == Site() == load_site(str(UI / "site.toml"))
    assert Site().name == texts.TITLE


def test_the_guide_names_every_key_and_its_example_is_a_file_that_is_taken(tmp_path: Path) -> None:
    guide = (UI / "REGLAGES.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", guide, re.S)
    (tmp_path / "logo.svg").write_text(SVG.format("<path d='M0 0'/>"), encoding="utf-8")

    site = load_site(written(tmp_path, example))

    assert site.legal.host.splitlines()[0] == "Hébergeur Exemple"
    assert site.logo is not None
    tables = {"colours", "logo", "contacts", "legal"}
    keys = {*Site.model_fields} - tables
    for table in tables:
        assert f"`[{table}]`" in guide
        keys |= {*type(getattr(site, table)).model_fields}
    assert [key for key in keys if f"`{key}`" not in guide] == []


def test_every_fault_of_a_file_is_told_at_once_with_its_key(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        'colour = "red"\nname = ""\nnetworks = 3\nexamples = ["?!"]\n'
        '[colours]\nlight = "#88aaff"\ndark = "red"\n[contacts]\nerrors = "javascript:alert(1)"\nfax = "1"\n'
        '[legal]\nhost = "a\\u0000b"\n[logo]\nfile = "none.svg"\n',
    )

    for key in (
        "colour", "name", "networks", "examples.0", "colours.light", "colours.dark", "contacts.errors", "contacts.fax",
        "legal.host", "logo",
    ):  # fmt: skip
        assert f"\n  {key}: " in told, key
    assert "2.10:1" in told
    assert "REGLAGES.md" in told


@pytest.mark.parametrize("data", [b"name = ", b"\xff\xfe", b"x" * 70_000, b'name = "a"\nname = "b"'])
def test_what_is_no_settings_file_is_told_so(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "site.toml").write_bytes(data)
    with pytest.raises(SiteError, match=r"site\.toml"):
        load_site(str(tmp_path / "site.toml"))


def test_a_file_that_is_missing_or_wrong_stops_the_start_with_exit_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UI_SITE", str(tmp_path / "nowhere.toml"))
    assert main([]) == 2
    assert "UI_SITE" in capsys.readouterr().err
    monkeypatch.setenv("UI_SITE", written(tmp_path, "a = 1\nb = 2"))
    assert main([]) == 2
    assert "2 to mend" in capsys.readouterr().err


def test_contrast_is_that_of_wcag() -> None:
    white, black = parse_hex("#ffffff"), parse_hex("#000000")
    assert round(contrast(white, black), 2) == round(contrast(black, white), 2) == 21
    assert round(contrast(white, parse_hex("#767676")), 2) == 4.54
    assert round(contrast(white, parse_hex("#777777")), 2) == 4.48


@given(COLOURS)
def test_an_accent_that_is_taken_can_be_read_wherever_it_stands(accent: Rgb) -> None:
    for scheme in (LIGHT, DARK):
        beside = (scheme.page, scheme.surface, scheme.tint(accent), scheme.on_accent)
        good = min(contrast(accent, colour) for colour in beside) >= 4.5
        assert good == (accent_problem(accent, scheme) is None)
        if good:
            strong = scheme.strong(accent)
            assert min(contrast(strong, colour) for colour in beside) >= 4.5


@pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "#1234567", "", "rgb(0,0,0)", "#000000;}", "＃123456"])
def test_a_colour_is_a_hash_and_six_digits(text: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        parse_hex(text)


def test_the_style_sheet_holds_both_accents_and_no_gap() -> None:
    sheet = style_sheet(parse_hex("#6a1b4d"), parse_hex("#f0a8cf"))
    assert "--accent: #6a1b4d;" in sheet
    assert "--accent: #f0a8cf;" in sheet
    assert "$" not in sheet


@pytest.mark.parametrize(
    "picture", [SVG.format('<rect fill="url(#a)"/><style>a{fill:red}</style>').encode(), png(2000, 10)]
)
def test_a_logo_is_an_svg_or_a_png(tmp_path: Path, picture: bytes) -> None:
    (tmp_path / "logo").write_bytes(picture)
    site = load_site(written(tmp_path, '[logo]\nfile = "logo"\nalt = "RTES"'))
    assert site.logo is not None
    assert site.logo.picture.data == picture


@pytest.mark.parametrize(
    "picture",
    [
        b"", b"GIF89a", b"<html></html>", b"<svg></svg>", b"\x89PNG\r\n\x1a\n", png(2001, 10), png(0, 10),
        SVG.format("<script>alert(1)</script>"), SVG.format('<g onload="alert(1)"/>'), SVG.format("<SCRIPT/>"),
        SVG.format('<image href="https://evil.example/x.png"/>'), SVG.format('<a href="javascript:alert(1)"/>'),
        SVG.format("<foreignObject/>"), SVG.format("<style>@import 'x'</style>"), SVG.format('<g fill="url(//e.example)"/>'),
        SVG.format('<use href="data:image/svg+xml,x"/>'), SVG.format("<x>") , SVG.format("<g/>" * 80_000),
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;"), SVG.format('<g style="fill: url( https://e.example)"/>'),
        SVG.format('<image xmlns:x="http://www.w3.org/1999/xlink" x:href="//e.example"/>'),
        SVG.format('<set attributeName="href" to="javascript:alert(1)"/>'),
    ],
)  # fmt: skip
def test_what_is_no_picture_or_more_than_one_is_refused(tmp_path: Path, picture: bytes | str) -> None:
    (tmp_path / "logo").write_bytes(picture if isinstance(picture, bytes) else picture.encode())
    assert "logo: " in faults(tmp_path, '[logo]\nfile = "logo"')


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("dpo@a.fr", "mailto:dpo@a.fr"),
        ("mailto:dpo@a.fr", "mailto:dpo@a.fr"),
        ("https://a.fr/x?y=1", "https://a.fr/x?y=1"),
    ],
)
def test_a_contact_is_an_email_or_an_https_address(tmp_path: Path, contact: str, address: str) -> None:
    site = load_site(written(tmp_path, f'[contacts]\nerrors = "{contact}"'))
    assert address_of(site.contacts.errors) == address


@pytest.mark.parametrize(
    "contact",
    [
        "dpo",
        "a@b",
        "a@b.fr?bcc=x@y.fr",
        "a@b.fr,c@d.fr",
        "http://a.fr",
        "https://u:p@a.fr",
        "mailto:https://a.fr",
        "a b@c.fr",
    ],
)
def test_what_is_no_address_is_refused(tmp_path: Path, contact: str) -> None:
    assert "contacts.errors: " in faults(tmp_path, f'[contacts]\nerrors = "{contact}"')
