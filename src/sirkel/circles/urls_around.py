"""Addresses of what stands around a circle: leader, representative, and a circle's pause and end."""

from django.urls import path

from sirkel.circles.views import (
    access,
    agreeing,
    anchoring,
    around,
    forgetting,
    halting,
    private_log,
    story,
    voices,
)

_CIRCLE = "circles/<uuid:circle_id>/"

urlpatterns = [
    path("me/log/", private_log.log, name="private-log"),
    path("me/log/<uuid:entry_id>/delete/", private_log.delete, name="private-log-delete"),
    path("me/log.txt", private_log.download, name="private-log-file"),
    path("me/delete/", forgetting.mine, name="forget"),
    path("me/delete/circle/<uuid:circle_id>/", forgetting.in_circle, name="forget-circle"),
    path("me/delete/account/", forgetting.everywhere, name="forget-all"),
    path("me/deleted/", forgetting.forgotten, name="forgotten"),
    path("leader/", around.leader, name="leader"),
    path("leader/workplaces/<uuid:workplace_id>/", access.staff, name="staff"),
    path("representative/workplaces/<uuid:workplace_id>/", access.access, name="access"),
    path("representative/", around.representative, name="representative"),
    path("representative/<uuid:circle_id>/", around.representative_circle, name="representative-circle"),
    path(f"{_CIRCLE}pause/", halting.pause, name="pause"),
    path(f"{_CIRCLE}resume/", halting.resume, name="resume"),
    path(f"{_CIRCLE}end/", halting.end, name="end"),
    path(f"{_CIRCLE}concern/", halting.concern, name="concern"),
    path(f"{_CIRCLE}story/", story.story, name="story"),
    path(f"{_CIRCLE}robustness/", story.robustness, name="robustness"),
    path(f"{_CIRCLE}readiness/", anchoring.readiness, name="readiness"),
    path(f"{_CIRCLE}commitment/", anchoring.commitment, name="commitment"),
    path(f"{_CIRCLE}commitment/change/", anchoring.commitment_change, name="commitment-change"),
    path(f"{_CIRCLE}commitment/sign/", anchoring.commitment_sign, name="commitment-sign"),
    path(f"{_CIRCLE}commitment/comment/", anchoring.commitment_comment, name="commitment-comment"),
    path(f"{_CIRCLE}agreement/", agreeing.agreement, name="agreement"),
    path(f"{_CIRCLE}agreement/change/", agreeing.agreement_change, name="agreement-change"),
    path(f"{_CIRCLE}agreement/agree/", agreeing.agree, name="agreement-agree"),
    path(f"{_CIRCLE}agreement/reopen/", agreeing.agreement_reopen, name="agreement-reopen"),
    path(f"{_CIRCLE}voices/", voices.voices, name="voices"),
    path(f"{_CIRCLE}voices/on/", voices.voices_on, name="voices-on"),
    path(f"{_CIRCLE}voices/off/", voices.voices_off, name="voices-off"),
    path(f"{_CIRCLE}expectations/", agreeing.expectations, name="expectations"),
    path(
        f"{_CIRCLE}expectations/<uuid:expectation_id>/away/",
        agreeing.expectation_away,
        name="expectation-away",
    ),
    path(
        f"{_CIRCLE}expectations/<uuid:expectation_id>/back/",
        agreeing.expectation_back,
        name="expectation-back",
    ),
]
