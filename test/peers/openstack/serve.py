"""serve.py MODULE PORT [option of the service]...: one API of OpenStack under gunicorn, in threads.

In front of Keystone it does what a web server with mod_auth_openidc does: `Authorization: Bearer NAME` proves the user
NAME of the OpenID provider https://idp.example.org, and the name `expired` is refused.
"""

import ctypes
import importlib
import signal
import sys

from gunicorn.app.base import BaseApplication

PR_SET_PDEATHSIG = 1
MODULE, PORT, *REST = sys.argv[1:]
# Cinder reads the arguments of the process as its own.
sys.argv = [f"{MODULE.partition('.')[0]}-api", *REST]
SETTINGS = {
    "bind": f"127.0.0.1:{PORT}",
    "worker_class": "gthread",
    "threads": 8,
    "workers": 1,
    "timeout": 600,
    "keepalive": 30,
    "control_socket_disable": True,
    # Nova names the machines of a page in one URL when it asks Neutron for their ports.
    "limit_request_line": 0,
    "proc_name": sys.argv[0],
}
REFUSED = b"<html><head><title>401 Unauthorized</title></head><body><h1>Unauthorized</h1></body></html>"


def behind_a_web_server(application):
    def serve(environ, start_response):
        scheme, _, name = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        federated = environ.get("PATH_INFO", "").startswith("/v3/OS-FEDERATION/")
        if federated and scheme == "Bearer":
            if name == "expired":
                start_response("401 Unauthorized", [("Content-Type", "text/html"), ("WWW-Authenticate", "Bearer")])
                return [REFUSED]
            environ["HTTP_OIDC_ISS"] = "https://idp.example.org"
            environ["HTTP_OIDC_SUB"] = name
        return application(environ, start_response)

    return serve


class Server(BaseApplication):
    def load_config(self):
        for name, value in SETTINGS.items():
            self.cfg.set(name, value)

    def load(self):
        # This runs in gunicorn's worker, which would notice the end of its parent only once the application is loaded.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        application = importlib.import_module(MODULE).application
        return behind_a_web_server(application) if MODULE.startswith("keystone.") else application


Server().run()
