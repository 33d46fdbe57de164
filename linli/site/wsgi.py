"""The WSGI application that granian serves."""

import os
import signal

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
if os.environ.get("LINLI_SUPERVISED"):
    # A web worker must not outlive a web master that was killed: it would keep the port.
    from linli.site.embedded import ask_for_death_signal

    ask_for_death_signal(signal.SIGKILL)
application = get_wsgi_application()
