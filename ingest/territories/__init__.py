"""Which territories a text names: official French communes, EPCI, departments, regions, and places reviewed by hand."""

from ingest.territories.gazetteer import Gazetteer
from ingest.territories.places import GAZETTEER, GazetteerError, Territory

__all__ = ["GAZETTEER", "Gazetteer", "GazetteerError", "Territory"]
