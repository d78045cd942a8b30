"""Addresses of the papers that are about a circle as a whole; part of the ``circles`` names."""

from django.urls import path

from sirkel.circles.views import circle_papers
from sirkel.circles.views.paper import paper_paths

_CIRCLE = "circles/<uuid:circle_id>/"
_PAPERS = f"{_CIRCLE}papers/"

urlpatterns = [
    path(_PAPERS, circle_papers.papers, name="papers"),
    *paper_paths(f"{_PAPERS}commitment", circle_papers.commitment, name="commitment-paper"),
    *paper_paths(f"{_PAPERS}ground-rules", circle_papers.agreement, name="agreement-paper"),
    *paper_paths(f"{_PAPERS}study-hours", circle_papers.study_hours, name="study-hours"),
    *paper_paths(f"{_CIRCLE}challenges/link", circle_papers.challenges, name="challenge-paper"),
]
