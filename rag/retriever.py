"""The index as a LangChain retriever, so that any LangChain chain can use it."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from rag.answer import Filters
from rag.retrieval import Ranked, Retriever


class PassageRetriever(BaseRetriever):
    """Documents are passages, best first; metadata carries what a citation needs (offsets into the repaired text)."""

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    retriever: Retriever
    k: int = Field(default=5, ge=1)
    filters: Filters = Filters()

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager  # nothing to report between question and result
        results = self.retriever.search(query, k=self.k, filters=self.filters, territory=query).results
        return [self._document(ranked) for ranked in results]

    def _document(self, ranked: Ranked) -> Document:
        passage = ranked.passage
        publication = self.retriever.index.publications[passage.publication_id]
        return Document(
            id=passage.id,
            page_content=passage.text,
            metadata={
                "publication_id": publication.id,
                "title": publication.title,
                "publisher": publication.publisher,
                "date": publication.date,
                "url": publication.url,
                "page": passage.page,
                "start": passage.start,
                "end": passage.end,
                "headings": list(passage.headings),
                "kind": passage.kind.value,
                "score": ranked.score,
                "rank": ranked.rank,
            },
        )
