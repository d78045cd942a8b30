from django.urls import include, path

from sirkel.people.views import api_keys, messages, own_data, setting_up
from sirkel.people.views.demo import demo_sign_in
from sirkel.people.views.sign_in import demo_mail

app_name = "people"

urlpatterns = [
    path("demo/sign-in/<str:token>/", demo_sign_in, name="demo-sign-in"),
    path("demo/mail/", demo_mail, name="demo-mail"),
    path("set-up/", setting_up.set_up, name="set-up"),
    path("administration/", include("sirkel.people.urls_administration")),
    path("me/messages/", messages.own_messages, name="messages"),
    path("me/messages/calendar/", messages.own_calendar, name="calendar-address"),
    path("me/data/", own_data.data, name="data"),
    path("me/data/file/", own_data.take_along, name="data-file"),
    path("me/data/readers/", own_data.readers, name="data-readers"),
    path("me/keys/", api_keys.keys, name="keys"),
    path("me/keys/<uuid:key_id>/end/", api_keys.end, name="key-end"),
    path("link/mail/<str:token>/", messages.mail_off, name="mail-off"),
]
