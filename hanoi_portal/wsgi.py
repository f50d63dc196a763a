"""The WSGI application: ``gunicorn -c python:hanoi_portal.gunicorn hanoi_portal.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_portal.settings.dev")

application = get_wsgi_application()
