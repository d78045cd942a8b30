"""One original, translations that know what they were made from, and the closest wording for every reader."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.kernel.models import Text
from sirkel.kernel.texts import (
    confirm_translation,
    forget_texts,
    put_text,
    put_translation,
    text_for,
    texts_for,
)

pytestmark = pytest.mark.django_db

OWNER = uuid.UUID("0b6b0d8e-5f0c-4a54-9a3a-3f1d2c3b4a59")
OTHER = uuid.UUID("1b6b0d8e-5f0c-4a54-9a3a-3f1d2c3b4a59")


def write(text="Vi rakk ikke pausen.", language="nb", *, owner=OWNER, field="title"):
    return put_text(owner=owner, field=field, language=language, text=text)


def translate(language, text=None, *, machine=False, **more):
    text = text or f"in {language}"
    return put_translation(
        owner=OWNER, field="title", language=language, text=text, is_machine_made=machine, **more
    )


def wording(language):
    found = text_for(OWNER, "title", language)
    return found and (found.text, found.language)


def marks():
    rows = Text.objects.filter(owner=OWNER, field="title").order_by("language")
    return {row.language: (row.is_source, row.needs_check, row.source_version) for row in rows}


class TestOriginal:
    def test_what_was_written_comes_back_as_written(self):
        write("  Vi rakk ikke pausen.\n")
        found = text_for(OWNER, "title", "nb")
        assert (found.text, found.language, found.is_source) == ("Vi rakk ikke pausen.", "nb", True)
        assert (found.is_machine_made, found.needs_check, found.source_language) == (False, False, "nb")

    def test_nothing_written_gives_nothing(self):
        assert text_for(OWNER, "title", "nb") is None

    @pytest.mark.parametrize(("text", "language", "code"), [(" \n", "nb", "empty"), ("Hei", "klingon", "language"),
                                                            ("Hei", "", "language"), ("Hei", "nb_NO", "language")])  # fmt: skip
    def test_bad_input_is_refused(self, text, language, code):
        with pytest.raises(Refused) as refused:
            write(text, language)
        assert refused.value.code == f"texts.{code}"
        assert not Text.objects.exists()

    def test_norwegian_without_a_form_is_bokmal_and_regions_are_in_capitals(self):
        assert write(language="no").language == "nb"
        assert write(language="sv-fi", field="body").language == "sv-FI"

    def test_a_change_asks_for_a_check_of_the_translations(self):
        write()
        translate("da")
        translate("fi", machine=True)
        assert marks() == {"nb": (True, False, 1), "da": (False, False, 1), "fi": (False, True, 1)}
        write("Vi rakk pausen.")
        assert marks() == {"nb": (True, False, 2), "da": (False, True, 1), "fi": (False, True, 1)}
        assert wording("da") == ("in da", "da")

    def test_the_same_words_again_change_nothing(self):
        write()
        translate("da")
        write(" Vi rakk ikke pausen. ")
        assert marks() == {"nb": (True, False, 1), "da": (False, False, 1)}

    def test_an_original_can_move_to_another_language(self):
        write()
        translate("da")
        translate("sv")
        write("Vi nåede pausen.", "da")
        assert marks() == {"da": (True, False, 2), "nb": (False, True, 1), "sv": (False, True, 1)}
        assert set(Text.objects.values_list("source_language", flat=True)) == {"da"}
        assert wording("da") == ("Vi nåede pausen.", "da")
        assert wording("nb") == ("Vi rakk ikke pausen.", "nb")

    def test_fields_and_owners_are_apart(self):
        write("one")
        write("two", field="body")
        write("three", owner=OTHER)
        assert [
            text_for(*key, "nb").text for key in ((OWNER, "title"), (OWNER, "body"), (OTHER, "title"))
        ] == [
            "one",
            "two",
            "three",
        ]


class TestTranslation:
    def test_a_translation_needs_an_original_in_another_language(self):
        with pytest.raises(NotFound) as missing:
            translate("da")
        write()
        with pytest.raises(Conflict) as same:
            translate("nb")
        assert (missing.value.code, same.value.code) == ("texts.no_source", "texts.is_source")
        assert wording("nb") == ("Vi rakk ikke pausen.", "nb")

    def test_a_machine_says_so_and_needs_a_check_until_somebody_confirms(self):
        write()
        translate("sv", machine=True)
        found = text_for(OWNER, "title", "sv")
        assert (found.is_machine_made, found.needs_check, found.source_language) == (True, True, "nb")
        confirm_translation(owner=OWNER, field="title", language="sv")
        found = text_for(OWNER, "title", "sv")
        assert (found.is_machine_made, found.needs_check) == (True, False)

    def test_a_machine_never_takes_the_place_of_a_person(self):
        write()
        translate("sv", "Av en människa")
        assert translate("sv", "Av en maskin", machine=True).text == "Av en människa"
        assert wording("sv") == ("Av en människa", "sv")

    def test_a_machine_may_replace_what_no_longer_fits(self):
        write()
        translate("sv", "Av en människa")
        write("Noe annet.")
        translate("sv", "Av en maskin", machine=True)
        assert wording("sv") == ("Av en maskin", "sv")
        assert marks()["sv"] == (False, True, 2)

    def test_a_translation_of_what_has_changed_meanwhile_needs_a_check(self):
        write()
        write("Noe annet.")
        translate("sv", source_version=1)
        assert marks()["sv"] == (False, True, 1)
        translate("sv", source_version=2)
        assert marks()["sv"] == (False, False, 2)

    def test_confirming_after_a_change_ties_the_translation_to_the_present_original(self):
        write()
        translate("da")
        write("Vi rakk pausen.")
        confirm_translation(owner=OWNER, field="title", language="da")
        assert marks()["da"] == (False, False, 2)

    @pytest.mark.parametrize("language", ["nb", "fi"])
    def test_there_is_nothing_to_confirm_but_a_translation(self, language):
        write()
        with pytest.raises(NotFound):
            confirm_translation(owner=OWNER, field="title", language=language)


class TestReader:
    @pytest.mark.parametrize(
        ("written", "translated", "asked", "given"),
        [
            ("nb", ["nn", "sv"], "sv", "sv"),  # what was asked for
            ("da", ["nb", "sv"], "nn", "nb"),  # the other Norwegian, before any neighbour
            ("fi", ["nn", "en"], "nb", "nn"),
            ("nb", ["da", "sv", "en"], "nn", "nb"),
            ("sv-FI", ["nb", "en"], "sv", "sv-FI"),  # the same language of another region
            ("sv", ["nb", "sv-AX"], "sv-FI", "sv"),
            ("sv-AX", ["fi"], "sv-FI", "sv-AX"),
            ("sv", ["da"], "nb", "sv"),  # an original before a translation, where both are understood
            ("fi", ["sv", "da"], "nb", "da"),  # the closest translation, where the original is not understood
            ("fi", ["sv", "en"], "da", "sv"),
            ("nb", ["sv", "en"], "fi", "en"),  # English before what is not understood
            ("nb", ["sv"], "fi", "nb"),  # else the original
            ("fi", [], "en", "fi"),
            ("nb", ["da", "fi"], "se", "nb"),
            ("da", ["sv"], "kl", "da"),
            ("nn", ["sv"], "no", "nn"),
        ],
    )
    def test_the_closest_wording_is_given(self, written, translated, asked, given):
        write(language=written)
        for language in translated:
            translate(language)
        assert wording(asked)[1] == given

    def test_an_outdated_wording_in_the_language_asked_for_is_given_and_says_so(self):
        write()
        translate("fi")
        write("Vi rakk pausen.")
        found = text_for(OWNER, "title", "fi")
        assert (found.language, found.needs_check) == ("fi", True)

    def test_many_texts_take_one_query(self, django_assert_num_queries):
        write("one")
        translate("sv", "ett")
        write("two", owner=OTHER)
        write("body", field="body")
        with django_assert_num_queries(1):
            found = texts_for(owners=[OWNER, OTHER], fields=["title"], language="sv")
        assert {key: value.text for key, value in found.items()} == {
            (OWNER, "title"): "ett",
            (OTHER, "title"): "two",
        }

    def test_what_is_forgotten_is_gone_in_every_language(self):
        write()
        translate("sv")
        write(owner=OTHER)
        forget_texts(owners=[OWNER])
        assert wording("nb") is None
        assert text_for(OTHER, "title", "nb") is not None


@pytest.mark.parametrize(
    "fault",
    [
        {"language": "nb"},  # a second row in the same language
        {"language": "da", "is_source": True, "source_language": "da"},  # a second original
        {"language": "da", "source_language": "da"},  # a translation of itself
        {"language": "da", "text": ""},
    ],
)
def test_the_database_holds_the_rules(fault):
    write()
    row = {"owner": OWNER, "field": "title", "text": "x", "source_language": "nb"} | fault
    with pytest.raises(IntegrityError), transaction.atomic():
        Text.objects.create(**row)


@pytest.mark.parametrize(
    "fault", [{"is_machine_made": True}, {"needs_check": True}, {"source_language": "da"}]
)
def test_the_database_knows_what_an_original_is(fault):
    write()
    with pytest.raises(IntegrityError), transaction.atomic():
        Text.objects.update(**fault)
