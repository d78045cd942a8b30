import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from sirkel.web import bundles

built = pytest.mark.skipif(
    finders.find("vendor/designsystemet.css") is None,
    reason="SKIPPED: the third-party styles are not built; run npm ci && npm run build",
)


def test_while_we_work_a_page_links_the_parts(settings):
    settings.STATIC_COLLECTED = False

    assert bundles.sheets(bundles.PHONE) == bundles.BUNDLES[bundles.PHONE]


@built
def test_a_server_sends_the_phone_one_style_sheet_that_holds_all_parts(settings, tmp_path):
    settings.STATIC_COLLECTED = True
    settings.STATIC_ROOT = settings.DATA_DIR = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "sirkel.config.static.Collected"}}

    call_command("collectstatic", interactive=False, verbosity=0)

    assert bundles.sheets(bundles.PHONE) == (bundles.PHONE,)
    from django.contrib.staticfiles.storage import staticfiles_storage

    sent = Path(tmp_path / staticfiles_storage.stored_name(bundles.PHONE))
    text = sent.read_text(encoding="utf-8")
    parts = [Path(finders.find(part)).read_text(encoding="utf-8") for part in bundles.BUNDLES[bundles.PHONE]]
    assert text.index("ds-button") < text.index("--paper") < text.index(".hand-foot")
    assert len(text) >= sum(map(len, parts))
    assert len(gzip.compress(text.encode(), 9)) <= 20_000


def test_scripts_become_one_module_with_a_scope_for_each():
    parts = {
        "store": "const same = 1;\nexport function put(row) {\n  return row + same;\n}\nexport const most = 3;",
        "page": "import './store.js';\nimport { put, most } from './store.js';\nconst same = 2;\nput(same + most);",
    }

    text = bundles.one_module(parts)

    assert "import " not in text
    assert "export " not in text
    assert "const { put, most } = modules.store;" in text
    assert "return { put, most };" in text


def test_a_script_that_needs_a_later_one_is_a_mistake():
    with pytest.raises(ValueError, match="page imports store"):
        bundles.one_module({"page": "import { put } from './store.js';", "store": "export function put() {}"})


def test_the_phones_scripts_stay_within_their_weight():
    texts = {}
    for part in bundles.SCRIPTS[bundles.PHONE_SCRIPT]:
        texts[Path(part).stem] = Path(finders.find(part)).read_text(encoding="utf-8")

    assert len(gzip.compress(bundles.one_module(texts).encode(), 9)) <= 20_000
    assert set(bundles.scripts(bundles.PHONE_SCRIPT)) <= set(bundles.SCRIPTS[bundles.PHONE_SCRIPT])
