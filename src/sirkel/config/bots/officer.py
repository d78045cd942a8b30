"""What a policy officer does: recommendations in clauses, each resting on cards that circles shared."""

from html import escape
from typing import Any

from sirkel.config.bots.browser import Browser


def recommend(browser: Browser, wanted: dict[str, Any]) -> bool:
    """Write a recommendation, let its clauses rest on cards, and publish it; tell whether it was written.

    Cards are known by how their words begin. A clause none of whose cards is there is left out, and so is a
    recommendation without clauses: not every story that makes a card is told everywhere.

    Args:
        browser: of somebody who may write recommendations.
        wanted: title, language and clauses, as in ``recommendations.yaml``.

    """
    browser.open("/network/cards/")
    there = browser.page
    clauses = [
        (clause, [card for card in clause["cards"] if escape(card) in there]) for clause in wanted["clauses"]
    ]
    clauses = [(clause, cards) for clause, cards in clauses if cards]
    if not clauses:
        return False
    browser.open("/policy/")
    browser.press(title=wanted["title"], lang=wanted["lang"])
    editor = browser.at
    for clause, cards in clauses:
        browser.open(editor)
        browser.press(text=clause["text"], lang=wanted["lang"])
        for card in cards:
            browser.press(r"/rest-on/$", beside=card, confidence=clause["confidence"])
    browser.open(editor)
    browser.press(r"/turn/$", to="publish")
    return True
