"""The pages callable: Django under WSGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sirkel.config.settings")

application = get_wsgi_application()
