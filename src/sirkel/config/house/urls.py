"""Addresses of the pages about the whole installation."""

from django.urls import path

from sirkel.config.house import network_people, settings_page, views, wordings, work

app_name = "house"

urlpatterns = [
    path("", views.health, name="health"),
    path("languages/", wordings.languages_page, name="languages"),
    path("methods/", wordings.methods_page, name="methods"),
    path("network/", network_people.people, name="network-people"),
    path("network/give/", network_people.give, name="network-role-give"),
    path("network/roles/<uuid:role_id>/end/", network_people.end, name="network-role-end"),
    path("settings/", settings_page.settings_page, name="settings"),
    path("work/", work.work, name="work"),
    path("work/tasks/<uuid:task_id>/again/", work.task, {"act": "again"}, name="task-again"),
    path("work/tasks/<uuid:task_id>/drop/", work.task, {"act": "drop"}, name="task-drop"),
    path("work/mails/<uuid:mail_id>/again/", work.mail, {"act": "again"}, name="mail-again"),
    path("work/mails/<uuid:mail_id>/drop/", work.mail, {"act": "drop"}, name="mail-drop"),
]
