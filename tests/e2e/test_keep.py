"""What somebody keeps on their own phone: it opens without network, and what is written arrives once."""

import pytest
from django.conf import settings as django_settings

from sirkel.circles.enums import LogKind
from sirkel.circles.models import Challenge, TrialLog
from sirkel.circles.queries.open_links import inbox_address, log_address
from tests.e2e.screenshots import browser
from tests.e2e.site import running_site
from tests.e2e.test_patterns import pytestmark as browsers
from tests.factories.meetings import make_circle
from tests.factories.trials import make_trial

pytestmark = [
    *(mark for mark in browsers if mark.name != "django_db"),
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
]
WORDS = "Ba om hjelp klokken sju"
# Everything that lies in the browser's own databases, as text: bytes are read as Latin-1.
LOOK = """async () => {
    const read = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
        ? String.fromCharCode(...new Uint8Array(value.buffer || value)) : value instanceof CryptoKey
        ? `key ${value.extractable}` : value && typeof value === 'object' ? Object.values(value).map(read).join(' ') : String(value);
    const found = [];
    for (const { name } of await indexedDB.databases()) {
        const database = await new Promise((done) => { const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
        for (const store of database.objectStoreNames) {
            const rows = await new Promise((done) => { const asked = database.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result); });
            found.push(...rows.map(read));
        }
        database.close();
    }
    return found;
}"""
AGE = """async () => {
    const database = await new Promise((done) => { const asked = indexedDB.open('sirkel-keep'); asked.onsuccess = () => done(asked.result); });
    const store = database.transaction('rows', 'readwrite').objectStore('rows');
    const rows = await new Promise((done) => { const asked = store.getAll(); asked.onsuccess = () => done(asked.result); });
    for (const row of rows) store.put({ ...row, until: row.until - 7 * 24 * 3600 * 1000 - 1 });
    await new Promise((done) => { store.transaction.oncomplete = done; });
    database.close();
}"""


@pytest.fixture
def trial():
    return make_trial(*make_circle())


@pytest.fixture
def phone(trial, settings):
    """Open a trial's link on a phone of its own, with the offer to keep it, and give the page."""
    settings.STATIC_COLLECTED = False
    with running_site() as site, browser() as chrome:
        page = chrome.new_context(
            viewport={"width": 320, "height": 640}, locale="nb", base_url=site
        ).new_page()
        page.goto(f"/t/{log_address(trial)}/")
        yield page


def keep(page):
    page.click("[data-keep-offer] button")
    ready(page)


def ready(page):
    page.wait_for_url("**/keep/")
    page.wait_for_selector("body[data-ready]")


def logs(trial):
    return sorted(TrialLog.objects.filter(trial=trial).values_list("kind", "text"))


def test_a_log_written_without_network_is_sent_once_when_it_is_back(phone, trial):
    keep(phone)
    phone.context.set_offline(True)
    phone.goto("/keep/")
    ready(phone)
    phone.fill("#kept textarea", WORDS)
    phone.click("#kept button[value=did]")
    phone.wait_for_selector("#waiting li")
    phone.reload()
    ready(phone)
    phone.click("#kept button[value=hindered]")
    phone.wait_for_selector("#waiting li >> nth=1")
    assert logs(trial) == []
    assert WORDS not in "".join(phone.evaluate(LOOK))
    assert "key false" in phone.evaluate(LOOK)
    other = phone.context.new_page()
    phone.context.set_offline(False)
    other.goto("/keep/")
    phone.evaluate("dispatchEvent(new Event('online'))")
    for page in (other, phone):
        page.wait_for_selector("#waiting:empty", state="attached")
    assert logs(trial) == [(LogKind.DID, WORDS), (LogKind.HINDERED, "")]


def test_a_challenge_is_kept_and_sent_once(phone, trial):
    phone.goto(f"/c/{inbox_address(trial.circle)}/")
    keep(phone)
    phone.context.set_offline(True)
    phone.click("#kept form button")
    phone.wait_for_function("() => document.getElementById('keep-said').textContent")
    assert phone.locator("#waiting li").count() == 0
    phone.fill("#kept textarea", WORDS)
    phone.click("#kept form button")
    phone.wait_for_selector("#waiting li")
    phone.context.set_offline(False)
    phone.goto("/keep/")
    ready(phone)
    phone.wait_for_selector("#waiting:empty", state="attached")
    assert list(Challenge.objects.values_list("text", flat=True)) == [WORDS]


def test_what_the_server_does_not_take_in_says_why_and_stays(phone, trial):
    keep(phone)
    phone.context.set_offline(True)
    phone.click("#kept button[value=did]")
    phone.wait_for_selector("#waiting li")
    trial.state = "stopped"
    trial.save(update_fields=["state"])
    phone.context.set_offline(False)
    phone.goto("/keep/")
    why = phone.wait_for_selector("#waiting li[data-state=refused] [data-fill=why]").inner_text()
    assert why
    assert logs(trial) == []


def test_a_national_id_does_not_leave_the_page(phone):
    keep(phone)
    phone.fill("#kept textarea", "Fru Hansen 01010112345 og 15076500565")
    phone.click("#kept button[value=did]")
    phone.wait_for_function("() => document.getElementById('keep-said').textContent")
    assert phone.locator("#waiting li").count() == 0
    assert phone.input_value("#kept textarea").startswith("Fru Hansen")


@pytest.mark.requirement("SEC-21")
def test_what_is_kept_grows_old_and_can_be_forgotten_at_once(phone):
    keep(phone)
    assert phone.locator("#kept li").count() == 1
    phone.evaluate(AGE)
    phone.reload()
    ready(phone)
    phone.wait_for_selector("#keep-none:not([hidden])")
    assert phone.evaluate(LOOK) == ["key false"]
    phone.go_back()
    keep(phone)
    phone.click("[data-forget]")
    phone.wait_for_selector("#keep-none:not([hidden])")
    assert phone.evaluate(LOOK) == []
    assert phone.evaluate("caches.has('keep')") is False


@pytest.mark.requirement("SEC-21")
@pytest.mark.threat(row="T6")
def test_a_shared_phone_is_offered_nothing_and_keeps_nothing(phone):
    assert phone.locator("[data-keep-offer]").is_visible()
    phone.context.add_cookies([{"name": "shared_phone", "value": "1", "url": phone.url.partition("/t/")[0]}])
    phone.reload()
    phone.wait_for_load_state("networkidle")
    assert phone.locator("[data-keep-offer]").is_hidden()
    phone.goto("/keep/")
    phone.wait_for_selector("#keep-none:not([hidden])")
    assert phone.evaluate(LOOK) == []


def test_the_page_knows_nobody(phone, trial):
    keep(phone)
    shown = phone.context.request.get("/keep/").text()
    assert trial.what not in shown
    assert django_settings.SESSION_COOKIE_NAME not in [one["name"] for one in phone.context.cookies()]
