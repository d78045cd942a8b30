"""Makes ``<meeting:number>`` known to addresses; imported by the address files that use it."""

from django.urls import register_converter

from sirkel.circles.rules.sittings import MeetingConverter

MEETING = "<meeting:number>"

register_converter(MeetingConverter, "meeting")
