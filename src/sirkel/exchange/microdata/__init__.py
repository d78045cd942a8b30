"""Microdata for others to work with: one data set in every form that statistics programs and archives read.

``dataset`` says what the columns mean, ``anonymity`` whether the rows may leave, ``tables``, ``readstat``, ``ddi`` and
``describe`` write the files, and ``package`` puts them together and lets nothing out that fails the check.
"""

from sirkel.exchange.microdata.anonymity import Anonymity, TooFewAlikeError, anonymity
from sirkel.exchange.microdata.dataset import Citation, Dataset, Variable, dataset_of
from sirkel.exchange.microdata.package import export

__all__ = [
    "Anonymity",
    "Citation",
    "Dataset",
    "TooFewAlikeError",
    "Variable",
    "anonymity",
    "dataset_of",
    "export",
]
