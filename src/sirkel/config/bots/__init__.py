"""Simulated participants: phones that take part over HTTP like everybody else, without JavaScript."""
