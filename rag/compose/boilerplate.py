"""Does a sentence speak of the publication itself instead of its subject, does it only announce? Pure; refuses nothing.

What presents a publication ("Ce guide présente…"), dates it ("Fiche de présentation, mars 2019."), sends elsewhere ("Voir
page 12", "Retrouvez la fiche en ligne") or credits who made it is no answer. In doubt a sentence speaks of its subject: one
that gives a figure is kept, and so is what a publication advises ("Le guide conseille de…").
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.index.analyser import fold

# What a publication calls itself, nothing else in a text about towns ("ce projet", "ce contrat" are not among them).
_ITSELF = (
    r"(?:guides?|brochures?|publications?|documents?|fiches?|notes?|numeros?|dossiers?|livrets?|articles?|rapports?|recueils?"
    r"|cahiers?|syntheses?|textes?|foire aux questions|lettre d'information|newsletter|page|rubrique)"
)
_OURS = rf"(?:ce|cet|cette|le present|la presente|notre|nos) {_ITSELF}"
_PRESENTING = (
    r"(?:presente|propose|reunit|rassemble|recense|revient sur|fait le point|dresse|decrit|detaille|aborde|explore|restitue"
    r"|synthetise|compile|rend compte|s'adresse|se veut|est destinee?|a pour (?:but|objet|objectif|vocation|ambition)"
    r"|a ete (?:realisee?|redigee?|ecrite?|concue?|elaboree?|coordonnee?)|est (?:publiee?|editee?|telechargeable|disponible))"
)
_READ = r"(?:(?:re)?trouvez|decouvrez|consultez|lisez|telechargez|visionnez|ecoutez|commandez)"
_SENT = rf"(?:{_READ}|rendez-vous|contactez|cliquez|visitez|voir|lire|vous pouvez (?:consulter|telecharger|lire))"
_READABLE = r"(?:sites?|liens?|en ligne|videos?|webinaires?|replay|podcasts?|espace documentation|www\.|https?:)"
# "Téléchargez le dossier de candidature": how to apply is the subject.
_APPLYING = r"(?![^.]*\b(?:candidatures?|demandes?|formulaires?|consultation)\b)"
# Of the sentences that present a publication those without a figure; the others whatever they hold.
_PRESENTS = re.compile(
    rf"{_OURS}(?: \w+)?(?:, [^,]+,)? (?:vous )?{_PRESENTING}\b"
    rf"|(?:dans|au fil de|a travers|avec) {_OURS},? (?:vous|nous|{_READ}|on (?:trouvera|lira)"
    r"|sont (?:presente|detaille|recense))"
    rf"|vous (?:re)?trouverez (?:ci-|ici|dans {_OURS})"
)
_SENDS = re.compile(
    rf"pour (?:en savoir|aller) plus(?: loin)?(?: sur [^,:]+)?\s*(?::|\.?$|,? ?{_SENT}\b)"
    rf"|en savoir plus\b|(?:plus|davantage) d'informations? (?:sur|aupres|dans|ici|:)|informations? et inscriptions?\b"
    rf"|{_READ}{_APPLYING} (?:[^.]*\s|l'|d')?(?:{_OURS}|{_READABLE})(?!\w)"
    rf"|les? pages? \d[\d ,a-]*(?:et \d+ )?{_PRESENTING}(?:nt)?\b|{_OURS} revien(?:t|nent) sur\b"
    rf"|(?:retrouvez|decouvrez|telechargez){_APPLYING} (?:[^.]*\s|l'|d')?{_ITSELF}\b"
    rf"|(?:abonnez-vous|inscrivez-vous) (?:[^.]*\s)?(?:newsletter|lettre|liste|webinaire|infolettre)\b"
    rf"|(?:suivez|contactez|ecrivez|rejoignez)-nous\b|n'hesitez pas a (?:nous|consulter|telecharger|vous abonner)\b|cliquez\b"
    rf"|rendez-vous (?:en |a la |aux )?(?:sur (?:le|notre) site|pages?\b)|(?:a )?lire (?:aussi|egalement)\b|a lire\s?:"
    rf"|\(?(?:voir|cf\.?|se (?:referer|reporter))(?: aussi| egalement)? (?:(?:la|le|les|l'|aux?|a la|en|notre|nos|sur)\s?)?"
    rf"(?:pages?|p\.|annexes?|encadres?|figures?|tableaux?|fiches?|sites?|articles?|chapitres?|parties?|ci-\w+)\b"
)
_MONTHS = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_CREDITS = re.compile(
    r"©|(?:credits?(?: photos?| photographiques?)?|photos?|illustrations?|maquette|mise en page"
    r"|direct\w+ de (?:la )?publication|isbn|issn|sources?|contacts?(?: presse| pour [^:]{1,40})?)\s?(?::|©)"
    rf"|tous droits reserves|\d{{1,2}} (?:{_MONTHS}) (?:19|20)\d\d [-–—] (?:publications?|articles?|evenements?|actualites?)\b"
)
_DATED = rf"(?:(?:nouvelle )?(?:edition|version),? (?:de |d')?)?(?:(?:{_MONTHS}) )?(?:19|20)\d\d\.?$"
_IMPRINT = re.compile(
    rf"(?:{_ITSELF}|labo|reseau|centres? de ressources|collection|actes|deniche pour vous)\b[^:;]{{0,80}}?"
    rf"(?:[,.]|\s[-–—]|n[°o] ?\d+,?) (?:[a-z]{{2,}}, )?{_DATED}"
)
# "RTES, octobre 2023.": a sigle and a date.
_SIGNED = re.compile(
    rf"[A-Z]{{2,}}(?:(?: ?[&/-] ?| et )[A-Z]{{2,}})*, (?i:(?:{_MONTHS}|février|août|décembre) )?(?:19|20)\d\d\.?$"
)

_ANNOUNCES = re.compile(
    r":$|^voici\b|\b(?:ci-dessous|ci-apres)\.?$|\b(?:facon|maniere|sorte) suivante\.?$"
    r"|\b(?:est|sont) (?:les? |la )?suivante?s?\.?$"
    r"|\bles (?!annees|mois|jours|semaines|heures|generations)\w+ suivant(?:e)?s\.?$"
)
# Before a colon, what asks for what follows it.
_BARE = re.compile(
    r"\b(?:est|sont|etaient|a|ont|au?x?|de|d'|par|pour|en|que|qui|avec|sur|sous|comme|notamment|ainsi|suivante?s?|ci-dessous|ci-apres)"
    r"\s*:$"
)


@lru_cache(maxsize=8192)
def is_boilerplate(text: str) -> bool:
    """Whether `text`, a sentence with its white space folded, speaks of the publication that holds it or of another."""
    plain = _plain(text)
    presents = _PRESENTS.match(plain) is not None and not any(char.isdigit() for char in plain)
    found = (pattern.match(plain) for pattern in (_SENDS, _CREDITS, _IMPRINT))
    return presents or any(found) or _SIGNED.match(text) is not None


@lru_cache(maxsize=8192)
def announces(text: str) -> bool:
    """Whether `text` says nothing without what follows it: "Les objectifs sont les suivants :", "Voici les étapes."."""
    return _ANNOUNCES.search(_plain(text)) is not None


def tells_nothing(announcement: str) -> bool:
    """Whether a sentence that announces says nothing beside that: "Les partenaires sont :", not "12 lieux suivent un but :"."""
    plain = _plain(announcement)
    return not plain.endswith(":") or _BARE.search(plain) is not None


def _plain(text: str) -> str:
    return fold(text.replace("’", "'")).strip().lstrip('«“"→►▶>-–• ')
