"""Addresses of the circles room."""

from sirkel.circles import (
    urls_administration,
    urls_around,
    urls_between,
    urls_closing,
    urls_forming,
    urls_lead,
    urls_pages,
    urls_papers,
    urls_phone,
)

app_name = "circles"

# What phones and facilitators' screens ask in a meeting comes first: every address before it costs each of them time.
urlpatterns = [
    *urls_phone.urlpatterns,
    *urls_lead.urlpatterns,
    *urls_pages.urlpatterns,
    *urls_around.urlpatterns,
    *urls_forming.urlpatterns,
    *urls_papers.urlpatterns,
    *urls_between.urlpatterns,
    *urls_closing.urlpatterns,
    *urls_administration.urlpatterns,
]
