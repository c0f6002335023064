"""rtes.fr and reseau-crpv.fr as far as discovery sees them, on a `tests.site.Site`: pages of our own words in their forms.

with Site() as local:
    rtes = Drupal(local)
    rtes.article("ess-et-quartiers", title="ESS et quartiers", date="18 octobre 2018")
    rtes.listing("/liste", ["ess-et-quartiers"])
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ingest.sites.rest import rest_address
from ingest.sites.site import RNCRPV, RTES, Listing
from ingest.sites.site import Site as Source
from tests.site import Asked, Reply, Site

MENU = """<header><nav class="menu"><a href="/">Accueil</a> <a href="/le-conseil-d-administration-du-reseau">Le CA</a>
<a href="/dossiers-ressources-adherents">Dossiers adhérents</a></nav></header>"""
FOOT = """<aside class="sidebar"><article><h3><a href="/un-article-mis-en-avant-sur-toutes-les-pages">En avant</a></h3>
</article></aside><footer><a href="mailto:contact@example.org">Écrire</a> <a href="/mentions-legales">Mentions</a></footer>"""


def html(body: str, *, title: str = "Un site") -> Reply:
    page = f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'
    return Reply(headers={"Content-Type": "text/html; charset=utf-8"}, body=page.encode("utf-8", "surrogatepass"))


@dataclass(slots=True, kw_only=True)
class Drupal:
    """rtes.fr: lists with `?page=N` from 0, articles at the root."""

    local: Site
    titles: dict[str, str] = field(default_factory=dict)

    def source(self, *paths: str) -> Source:
        """What discovery knows of the site, with these lists."""
        return replace(RTES, origin=self.local.url(""), lists=tuple(Listing(path=p, page="?page={n}") for p in paths))

    def article(
        self, slug: str, *, title: str, date: str = "18 octobre 2018", changed: str | None = None, private: bool = False
    ) -> None:
        self.titles[slug] = title
        when = f"Publié le {date}" + (f" - mis à jour le {changed}" if changed else "")
        flag = "Oui" if private else "Non"
        self.local.answer(
            f"/{slug}",
            html(
                f"""{MENU}<main><h1 class="page-title"><span>{title}</span></h1><p>{when}</p>
                <p>Mots-clés : Politique de la ville ; QPV ; emploi - Mai 2022</p>
                <div class="field"><div class="field__label">Ressource privée</div><div class="field__item">{flag}</div></div>
                <h2>Résumé</h2><p>Un texte.</p><a href="/sites/default/files/{slug}.pdf?utm_source=page">Télécharger</a>
                </main>{FOOT}""",
                title=f"{title} | Un site",
            ),
        )

    def listing(self, path: str, *pages: Sequence[str], dated: Mapping[str, str] | None = None) -> None:
        """A list with these pages of slugs; the page after the last has no articles."""
        for number, slugs in enumerate([*pages, []]):
            rows = "".join(
                f"""<div class="views-row"><article class="node node--type-article"><h2><a href="/{slug}">
                <span>{self.titles.get(slug, slug)}</span></a></h2><p>{(dated or {}).get(slug, "")}</p>
                <a href="/{slug}?utm_campaign=liste#suite">Lire la suite</a></article></div>"""
                for slug in slugs
            )
            pager = f'<nav class="pager"><a href="?page={number + 1}">Suivant</a></nav>'
            self.local.answer(
                f"{path}?page={number}" if number else path, html(f"{MENU}<main>{rows}{pager}</main>{FOOT}")
            )


@dataclass(slots=True, kw_only=True)
class WordPress:
    """reseau-crpv.fr: archives with /page/N/, and the REST interface."""

    local: Site
    posts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def listing(self) -> Listing:
        return Listing(path="/publication/", page="page/{n}/", first=1, post_type="publication")

    def source(self) -> Source:
        return replace(RNCRPV, origin=self.local.url(""), lists=(self.listing,))

    def post(self, slug: str, *, title: str, date: str, modified: str | None = None, **more: object) -> None:
        """A publication, in REST's words, and its page."""
        url = self.local.url(f"/publication/{slug}/")
        pdf = f'<p>Texte <a href="/wp-content/uploads/{slug}.pdf">PDF</a></p>'
        post = {
            "id": len(self.posts) + 1,
            "link": url,
            "date": f"{date}T10:00:00",
            "modified": f"{modified or date}T10:00:00",
            "title": {"rendered": title},
            "status": "publish",
            "content": {"rendered": pdf, "protected": False},
            "_embedded": {"wp:term": [[{"taxonomy": "thematique", "name": "Développement économique"}]]},
        }
        self.posts.append({**post, **more})
        self.local.answer(
            f"/publication/{slug}/",
            html(
                f'{MENU}<main><article><h1>{title}</h1><time datetime="{date}T10:00">{date}</time>{pdf}</article></main>'
            ),
        )

    def open_rest(self, *, per_page: int = 2, broken: Mapping[int, Reply] | None = None) -> None:
        """Answer REST with the posts so far, last changed first; `broken` pages are answered otherwise."""
        posts = sorted(self.posts, key=lambda post: str(post["modified"]), reverse=True)
        total = max(1, -(-len(posts) // per_page))
        for number in range(1, total + 2):
            part = posts[(number - 1) * per_page : number * per_page]
            reply = Reply(
                status=200 if number <= total else 400,
                headers={"Content-Type": "application/json", "X-WP-TotalPages": str(total)},
                body=json.dumps(part if number <= total else {"code": "rest_post_invalid_page_number"}).encode(),
            )
            self.local.answer(self.rest_path(number), (broken or {}).get(number, reply))

    def rest_path(self, number: int) -> str:
        return rest_address(self.source(), self.listing, number).removeprefix(self.local.url(""))

    def archive(self, *pages: Sequence[str]) -> None:
        """The archive with these pages of slugs; the one after the last is not there."""
        for number, slugs in enumerate(pages, start=1):
            up = "../../" if number > 1 else "../publication/"  # relative to where the page stands
            rows = "".join(
                f'<article class="post type-publication"><header><h2><a href="{up}{slug}/">{slug}</a></h2></header></article>'
                for slug in slugs
            )
            path = f"/publication/page/{number}/" if number > 1 else "/publication/"
            self.local.answer(path, html(f"{MENU}<main>{rows}</main>{FOOT}"))


def endless(asked: Asked) -> Reply:
    """A list that has, on whatever page, two articles that no other page has."""
    number = int(parse_qs(urlsplit(asked.path).query).get("page", ["0"])[0])
    rows = "".join(f'<article><h2><a href="/article-sans-fin-{number}-{i}">N° {i}</a></h2></article>' for i in (1, 2))
    return html(f"<main>{rows}</main>")
