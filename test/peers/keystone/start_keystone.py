"""Keystone on a free port of 127.0.0.1, which it prints; it ends when its standard input does, so that it outlives nobody.

The administrator is `admin`, with the password `secret`. `Authorization: Bearer <name>` proves the user of that name of
the OpenID provider https://idp.example.org: a web server with mod_auth_openidc in front of Keystone sets the same variables.
"""

import base64
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

FOLDER = Path(tempfile.mkdtemp(prefix="keystone-"))
SETTINGS = FOLDER / "keystone.conf"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def wait_for_the_end() -> None:
    sys.stdin.read()
    shutil.rmtree(FOLDER, ignore_errors=True)
    os._exit(0)


def behind_a_web_server(application):
    def serve(environ, start_response):
        scheme, _, name = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme == "Bearer":
            environ["HTTP_OIDC_ISS"] = "https://idp.example.org"
            environ["HTTP_OIDC_SUB"] = name
        return application(environ, start_response)

    return serve


server = make_server("127.0.0.1", 0, None, server_class=Server, handler_class=Quiet)
origin = f"http://127.0.0.1:{server.server_port}"
for name in ("fernet", "credentials"):
    (FOLDER / name).mkdir()
    for number in ("0", "1"):
        (FOLDER / name / number).write_bytes(base64.urlsafe_b64encode(os.urandom(32)))
# Rounds of bcrypt: the default takes a second for each login.
SETTINGS.write_text(
    f"""
[DEFAULT]
log_file = {FOLDER}/keystone.log
use_stderr = false
public_endpoint = {origin}
[database]
connection = sqlite:///{FOLDER}/keystone.db
[fernet_tokens]
key_repository = {FOLDER}/fernet
[fernet_receipts]
key_repository = {FOLDER}/fernet
[credential]
key_repository = {FOLDER}/credentials
[identity]
password_hash_rounds = 4
[auth]
methods = external,password,token,oauth1,mapped,application_credential,openid
[federation]
remote_id_attribute = HTTP_OIDC_ISS
"""
)
os.environ["OS_KEYSTONE_CONFIG_FILES"] = str(SETTINGS)
# Keystone reads the arguments of the process as its own.
sys.argv = ["keystone"]

import keystone.server  # noqa: E402
from keystone.cmd import bootstrap  # noqa: E402
from keystone.common.sql import upgrades  # noqa: E402
from keystone.server.wsgi import initialize_public_application  # noqa: E402


def prepare() -> None:
    """What `keystone-manage db_sync` and `keystone-manage bootstrap` do."""
    keystone.server.configure(config_files=[str(SETTINGS)])
    upgrades.offline_sync_database_to_version()
    first = bootstrap.Bootstrapper()
    first.admin_username = first.admin_role_name = first.project_name = "admin"
    first.admin_password = "secret"
    first.service_name, first.region_id = "keystone", "RegionOne"
    first.public_url = f"{origin}/v3"
    first.bootstrap()


# Keystone can be configured once in a process, so this takes one of its own.
child = os.fork()
if child == 0:
    prepare()
    os._exit(0)
if os.waitpid(child, 0)[1] != 0:
    sys.exit("Keystone's database was not made")

threading.Thread(target=wait_for_the_end, daemon=True).start()
server.set_app(behind_a_web_server(initialize_public_application()))
print(server.server_port, flush=True)
server.serve_forever()
