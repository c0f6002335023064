"""What an answer says of several publications: sentences made whole, differences named, what has ended marked."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.build import build_index
from ingest.index.embedder import Embedder
from ingest.index.index import Index
from rag.answer import Answer, Status
from rag.answerability import Answerability
from rag.compose import MAX_WORDS, MAX_WORDS_DETAILED
from rag.compose.validity import Schemes
from rag.phrases import ENGLISH, FRENCH
from rag.pipeline import Assistant
from rag.request import AskRequest

TODAY = date(2026, 3, 1)
PUBLICATIONS = {
    "reseau-2019": (
        "Les régies de quartier : état des lieux",
        "2019-05",
        """LES RÉGIES EN CHIFFRES

Le réseau national compte 132 régies de quartier réparties dans toute la France. Elles emploient surtout des habitants des
quartiers.
""",
    ),
    "reseau-2024": (
        "Les régies de quartier : état des lieux, édition 2024",
        "2024-02",
        """LES RÉGIES EN CHIFFRES

Le réseau national compte 141 régies de quartier réparties dans toute la France. Elles emploient surtout des habitants des
quartiers.
""",
    ),
    "conciergerie": (
        "La conciergerie solidaire",
        "2022-09",
        """QU'EST-CE QU'UNE CONCIERGERIE SOLIDAIRE

Une conciergerie solidaire est un lieu d'accueil qui rend des services de proximité aux habitants d'un quartier en employant des
personnes en insertion. Elle est financée par le bailleur social, par la commune et par les recettes de ses services payants.
Dans ce cadre, les salariés reçoivent les colis et prêtent des outils aux locataires. L'ouverture demande un an de préparation.

COMMENT OUVRIR UNE CONCIERGERIE

Pour trouver un local, la commune peut agir auprès du bailleur social :

- demander la mise à disposition gratuite d'un rez-de-chaussée vacant,
- inscrire la conciergerie dans l'abattement de la taxe foncière,
- prévoir un bail de courte durée pour la première année.
""",
    ),
    "carte": (
        "La carte des quartiers prioritaires",
        "2024-01",
        """LA NOUVELLE CARTE

Cette fiche présente la nouvelle carte des quartiers prioritaires. La nouvelle carte des quartiers prioritaires s'applique
depuis janvier 2024. Elle compte 1 362 quartiers. Pour en savoir plus sur la carte des quartiers : www.example.org

COMMENT LIRE LA CARTE

La carte suit trois règles de lecture des quartiers prioritaires. La préfecture écrit : « Un quartier prioritaire se lit à la
rue près. La limite de la carte passe au milieu de la chaussée. »
""",
    ),
    "ancien": (
        "Financer les associations de quartier",
        "2018-03",
        """LES FINANCEMENTS

Le programme régional d'appui 2016-2019 finance les associations de quartier à hauteur de 40 000 euros par an. Le contrat de
ville permet de financer des postes d'adultes relais dans les associations.
""",
    ),
}


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    """Who answers from the four publications above, on TODAY."""
    corpus = tmp_path_factory.mktemp("several") / "corpus"
    corpus.mkdir()
    lines = []
    for name, (title, day, text) in PUBLICATIONS.items():
        (corpus / f"{name}.txt").write_text(text, encoding="utf-8")
        line = {"id": name, "title": title, "publisher": "RTES", "date": day, "file": f"{name}.txt"}
        lines.append(json.dumps(line, ensure_ascii=False))
    (corpus / "catalogue.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    build_index(corpus, corpus.parent / "index", embedder)
    index = Index.open(corpus.parent / "index", embedder)
    return Assistant(index, embedder, answerability=Answerability.load(), today=lambda: TODAY)


def ask(assistant: Assistant, question: str, *, detailed: bool = False) -> Answer:
    answer = assistant.reply(AskRequest(question=question, detailed=detailed))
    assert answer.status is Status.ANSWERED, answer.text
    return answer


def test_two_publications_that_differ_are_both_shown_the_newer_first(several: Assistant) -> None:
    answer = ask(several, "Combien de régies de quartier compte le réseau national ?")

    lines = answer.text.splitlines()
    assert lines[0] == FRENCH.figures_differ("2024", "2019")
    assert "141 régies" in lines[1]
    assert "2024" in lines[1].partition("«")[0]
    assert "132 régies" in lines[2]
    assert "2019" in lines[2].partition("«")[0]
    assert [citation.publication_id for citation in answer.citations] == ["reseau-2024", "reseau-2019"]


def test_what_two_publications_say_alike_does_not_differ(several: Assistant) -> None:
    answer = ask(several, "Qu'est-ce qu'une conciergerie solidaire ?")

    assert "différents" not in answer.text


def test_a_sentence_whose_pronoun_lost_its_noun_brings_its_neighbour(several: Assistant) -> None:
    answer = ask(several, "Par qui une conciergerie solidaire est-elle financée ?")

    quote = next(citation.quote for citation in answer.citations if "bailleur social, par la commune" in citation.quote)
    assert quote.startswith("Une conciergerie solidaire est")


def test_few_words_that_tell_the_fact_are_said_with_their_noun_and_nothing_about_the_publication(
    several: Assistant,
) -> None:
    answer = ask(several, "Combien de quartiers compte la nouvelle carte des quartiers prioritaires ?")

    quotes = [citation.quote for citation in answer.citations]
    assert any(quote.endswith("depuis janvier 2024. Elle compte 1 362 quartiers.") for quote in quotes)
    assert not any("Cette fiche" in quote or "savoir plus" in quote for quote in quotes)


def test_nothing_about_the_publication_is_said_though_nothing_is_nearer(several: Assistant) -> None:
    for question in ("Que présente la fiche sur la nouvelle carte des quartiers prioritaires ?", "Carte des quartiers"):
        answer = several.ask(question)
        shown = [answer.text, *(near.quote for near in answer.nearest)]
        assert not any("Cette fiche" in text or "savoir plus" in text for text in shown), question


def test_a_quotation_is_closed_where_it_was_opened(several: Assistant) -> None:
    answer = ask(several, "Comment se lit un quartier prioritaire sur la carte, à la rue près ?")

    (quote,) = [citation.quote for citation in answer.citations if "à la rue près" in citation.quote]
    assert quote.startswith("La préfecture écrit : « Un quartier")
    assert quote.endswith("chaussée. »")


def test_an_item_of_a_list_keeps_the_sentence_that_introduces_it(several: Assistant) -> None:
    answer = ask(several, "Comment trouver un local pour ouvrir une conciergerie ?")

    line = next(line for line in answer.text.splitlines() if "rez-de-chaussée vacant" in line)
    quotes = [citation.quote for citation in answer.citations]
    assert "la commune peut agir auprès du bailleur social :" in line.partition("rez-de-chaussée")[0]
    assert any(quote.endswith("bailleur social :") for quote in quotes)
    assert not any("bailleur social :" in quote and "vacant" in quote for quote in quotes)


def test_a_definition_says_what_the_thing_is(several: Assistant) -> None:
    answer = ask(several, "Qu'est-ce qu'une conciergerie solidaire ?")

    assert answer.text.splitlines()[0] == FRENCH.definition
    assert answer.citations[0].quote.startswith("Une conciergerie solidaire est un lieu d'accueil")


def test_a_scheme_that_has_ended_is_marked_with_the_date_of_the_publication(several: Assistant) -> None:
    answer = ask(several, "Que finance le contrat de ville dans les associations de quartier ?")

    (note,) = [line for line in answer.text.splitlines() if "contrats de ville 2015-2023" in line]
    assert "2018" in note
    assert "Engagements Quartiers 2030" in note


def test_a_question_about_a_past_year_is_not_marked(several: Assistant) -> None:
    answer = ask(several, "Que finançait le contrat de ville en 2018 dans les associations de quartier ?")

    assert "Dispositif terminé" not in answer.text


def test_a_period_that_is_over_is_marked_where_it_is_quoted(several: Assistant) -> None:
    answer = ask(several, "À quelle hauteur le programme régional d'appui finance-t-il les associations de quartier ?")

    assert FRENCH.period_over(2016, 2019) in answer.text


def test_english_frames_the_same_difference(several: Assistant) -> None:
    answer = ask(several, "How many régies de quartier are there in the national network?")

    assert answer.text.splitlines()[0] == ENGLISH.figures_differ("2024", "2019")


def test_a_detailed_answer_says_more_and_a_brief_one_knows_it(assistant: Assistant) -> None:
    question = "Comment mieux associer les bailleurs sociaux aux projets de l'ESS ?"

    brief, detailed = ask(assistant, question), ask(assistant, question, detailed=True)

    assert brief.more
    assert not detailed.more
    assert len(brief.text.split()) < len(detailed.text.split()) <= MAX_WORDS_DETAILED + len(detailed.citations)
    assert {c.quote for c in detailed.citations} > {c.quote for c in brief.citations[:1]}


@pytest.mark.parametrize(
    "pronoun", ["Il est complété", "Cette position", "Ensemble, ils", "Dans ce cadre", "Ces 3 opérations"]
)
def test_no_quotation_of_the_brochure_begins_without_its_noun(assistant: Assistant, pronoun: str) -> None:
    questions = (
        "Comment fonctionne le comité opérationnel semestriel du contrat de ville à Rennes Métropole ?",
        "Comment la Région Hauts-de-France mobilise-t-elle ses crédits de droit commun ?",
        "Qui a défini l'appel à manifestation d'intérêt du Timbre de Maurepas ?",
        "Comment l'Adie forme-t-elle ses conseillers à la détection des informels ?",
        "À quoi servent les lieux Totem de l'ESS à Toulouse ?",
    )

    for question in questions:
        answer = assistant.ask(question)
        quoted = [citation.quote for citation in answer.citations] + [example.quote for example in answer.examples]
        assert not any(quote.startswith(pronoun) for quote in quoted), question


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(
        st.sampled_from(
            "comment combien qui exemple ESS quartier contrat ville bailleurs foncier Rennes régies définition 2015".split()
        ),
        min_size=1,
        max_size=7,
    ),
    detailed=st.booleans(),
)
def test_no_answer_is_longer_than_its_bound_and_all_it_quotes_was_verified(
    assistant: Assistant, several: Assistant, words: list[str], detailed: bool
) -> None:
    for answering in (assistant, several):
        answer = answering.reply(AskRequest(question=" ".join(words), detailed=detailed))
        if answer.status is not Status.ANSWERED:
            continue
        printed = answer.text
        for citation in answer.citations:
            printed = printed.replace(f"[{citation.n}]", "")
        assert len(printed.split()) <= (MAX_WORDS_DETAILED if detailed else MAX_WORDS)
        assert answer.removed_sentences == 0
        quotes = {citation.quote for citation in answer.citations}
        assert all(sentence.text in quotes for sentence in answer.sentences)
        assert all(f"« {sentence.text} »" in answer.text for sentence in answer.sentences)


def test_a_build_without_schemes_marks_nothing(tmp_path: Path) -> None:
    assert Schemes.load(tmp_path / "schemes.json") == Schemes()


@pytest.mark.parametrize(
    "text",
    ["[]", "{", '{"schemes": [{"name": "x"}]}', '{"schemes": [{"name": "x", "variants": [], "from": 2, "to": 1}]}'],
)
def test_a_file_of_schemes_that_is_not_of_its_form_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "schemes.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match=r"schemes\.json: expected"):
        Schemes.load(path)


def test_the_part_that_fits_best_is_said_first_whatever_its_page(assistant: Assistant) -> None:
    quotes = [
        c.quote for c in ask(assistant, "Comment mieux associer les bailleurs sociaux aux projets de l'ESS ?").citations
    ]
    levers = [quote for quote in quotes if quote.startswith("En ")]

    assert "bailleurs" in levers[0]
    assert "bailleurs" not in levers[-1], "the answer has weaker levers too, from an earlier page"
