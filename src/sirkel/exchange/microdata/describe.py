"""Descriptions for machines: a Frictionless data package, and DataCite metadata for whoever gives the data an identifier."""

import hashlib
import json
from pathlib import Path
from typing import Any

from sirkel.evidence.metadata import NOT_VALIDATED, worded
from sirkel.exchange.microdata.dataset import Citation, Dataset, Variable, in_language

_MEDIA = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".sav": "application/x-spss-sav",
    ".zsav": "application/x-spss-sav",
    ".dta": "application/x-stata-dta",
    ".xml": "application/xml",
}


def write_package(dataset: Dataset, path: Path, language: str, files: list[Path]) -> None:
    """Write datapackage.json: the CSV of numbers with its schema, the other files beside it, all with their hash."""
    licence = in_language(worded(dataset.about.get("licence")), language)
    _write(
        path,
        {
            "profile": "data-package",
            "name": dataset.id.lower().replace(" ", "-"),
            "title": in_language(dataset.title, language),
            **({"version": dataset.version} if dataset.version else {}),
            **({"description": NOT_VALIDATED} if dataset.about.get("validated") is False else {}),
            **({"licenses": [{"name": licence}]} if licence else {}),
            "resources": [_resource(dataset, file, language) for file in files],
        },
    )


def _resource(dataset: Dataset, file: Path, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": file.name.lower().replace(".", "-"),
        "path": file.name,
        "format": file.suffix[1:],
        "mediatype": _MEDIA[file.suffix],
        "bytes": file.stat().st_size,
        "hash": f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}",
    }
    if file.name == "data.csv":
        found |= {
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "schema": {"fields": [_field(one, language) for one in dataset.variables], "missingValues": [""]},
        }
    return found


def _field(variable: Variable, language: str) -> dict[str, Any]:
    words = {**variable.values, **variable.missing}
    return {
        "name": variable.name,
        "type": "string" if variable.is_text else "number",
        "title": variable.called(language),
        **(
            {
                "categories": [
                    {"value": value, "label": in_language(text, language)} for value, text in words.items()
                ]
            }
            if words
            else {}
        ),
        **({"noAnswer": list(variable.missing)} if variable.missing else {}),
    }


def write_datacite(dataset: Dataset, path: Path, citation: Citation, files: list[Path]) -> None:
    """Write datacite.json after schema 4."""
    licence = worded(dataset.about.get("licence"))
    _write(
        path,
        {
            "schemaVersion": "http://datacite.org/schema/kernel-4",
            **(
                {"identifiers": [{"identifier": citation.identifier, "identifierType": "DOI"}]}
                if citation.identifier
                else {}
            ),
            "creators": [{"name": one} for one in citation.creators],
            "titles": [
                {"title": text, **({"lang": one} if one else {})} for one, text in dataset.title.items()
            ],
            "publisher": {"name": citation.publisher},
            "publicationYear": str(citation.year),
            "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Answer sheets"},
            **({"version": dataset.version} if dataset.version else {}),
            "rightsList": [
                {"rights": text, **({"lang": one} if one else {})} for one, text in licence.items()
            ],
            "sizes": [f"{dataset.frame.height} rows", f"{len(dataset.variables)} variables"],
            "formats": sorted({_MEDIA[file.suffix] for file in files}),
            "descriptions": [{"description": NOT_VALIDATED, "descriptionType": "TechnicalInfo", "lang": "en"}]
            if dataset.about.get("validated") is False
            else [],
        },
    )


def _write(path: Path, what: dict[str, Any]) -> None:
    path.write_text(json.dumps(what, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
