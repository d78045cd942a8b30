"""The translator's tool: what it gathers, keeps, compiles and complains about."""

import gettext

import pytest

from sirkel.config.translations import LANGUAGES, check_all, compile_all, extract_all

TEMPLATE = """<main class="a">
    {% trans "Open" %} (unbalanced
      {% blocktrans trimmed count n=notes %}
        One note from {{ who }}
      {% plural %}
        {{ n }} notes from {{ who }}
      {% endblocktrans %}
  <c-button label="{% trans 'Open' context 'state' %}" />
</main>
"""
CODE = """from django.utils.translation import gettext as _, ngettext
def f(name):
    return _("Hello %(name)s, %%") % {"name": name}
"""
PLURAL = 'msgid "One note from %(who)s"\nmsgid_plural "%(n)s notes from %(who)s"\n'


@pytest.fixture
def package(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "code.py").write_text(CODE)
    extract_all(tmp_path)
    return tmp_path


def catalogue(package, language="nb"):
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def translate(package, **extra):
    """Fill every catalogue with a faultless translation, then let a test spoil it."""
    for language in LANGUAGES:
        path = catalogue(package, language)
        text = path.read_text()
        text = text.replace(
            'msgid "Hello %(name)s, %%"\nmsgstr ""', 'msgid "Hello %(name)s, %%"\nmsgstr "Hei %(name)s, %%"'
        )
        text = text.replace('msgid "Open"\nmsgstr ""', 'msgid "Open"\nmsgstr "Åpen"')
        text = text.replace(
            PLURAL + 'msgstr[0] ""\nmsgstr[1] ""',
            PLURAL + 'msgstr[0] "En lapp fra %(who)s"\nmsgstr[1] "%(n)s lapper fra %(who)s"',
        )
        path.write_text(text)


def test_every_text_of_code_and_templates_is_asked_for_in_every_language(package):
    assert sorted(check_all(package)) == sorted(
        f"{language}: not translated: {text}"
        for language in LANGUAGES
        for text in ("'Hello %(name)s, %%'", "'One note from %(who)s'", "'Open'", "'Open' (state)")
    )


def test_the_texts_of_mails_are_asked_for_too(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "mail.txt").write_text(
        '{% autoescape off %}{% trans "Your code:" %}{% endautoescape %}'
    )
    extract_all(tmp_path)
    assert f"{LANGUAGES[0]}: not translated: 'Your code:'" in check_all(tmp_path)


def test_complete_catalogues_have_no_fault(package):
    translate(package)
    assert check_all(package) == []


def test_gathering_again_changes_nothing_and_keeps_translations(package):
    translate(package)
    before = {language: catalogue(package, language).read_bytes() for language in LANGUAGES}
    extract_all(package)
    assert {language: catalogue(package, language).read_bytes() for language in LANGUAGES} == before


def test_a_text_that_left_the_code_is_named_and_goes_with_the_next_gathering(package):
    translate(package)
    (package / "code.py").write_text("")
    assert check_all(package) == [
        f"{language}: no longer in the code: 'Hello %(name)s, %%'" for language in LANGUAGES
    ]
    extract_all(package)
    assert check_all(package) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('"Hei %(name)s, %%"', '"Hei %(navn)s, %%"', "placeholders differ (%(name)s, %(navn)s)"),
        ('"En lapp fra %(who)s"', '"En lapp"', "placeholders differ (%(who)s)"),
        ('msgstr[1] "%(n)s lapper fra %(who)s"', 'msgstr[1] ""', "not translated"),
        ('msgid "Hello', '#, fuzzy\nmsgid "Hello', "fuzzy"),
    ],
)
def test_a_spoilt_translation_is_named(package, right, wrong, fault):
    translate(package)
    path = catalogue(package, "fi")
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong))
    faults = check_all(package)
    assert len(faults) == 1
    assert faults[0].startswith(f"fi: {fault}: ")


def test_a_missing_catalogue_is_one_fault(package):
    translate(package)
    catalogue(package, "sv").unlink()
    assert check_all(package) == ["sv: there is no catalogue"]


def test_compiled_catalogues_are_what_gettext_reads(package):
    translate(package)
    compile_all(package)
    texts = gettext.translation("django", package / "locale", ["nb"])
    assert texts.gettext("Open") == "Åpen"
    assert (
        texts.ngettext("One note from %(who)s", "%(n)s notes from %(who)s", 2) == "%(n)s lapper fra %(who)s"
    )
