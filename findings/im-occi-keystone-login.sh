#!/usr/bin/env bash
# Infrastructure Manager (PyPI IM 1.9.0), connector OCCI: what it sends when it logs in at Keystone.
#
# 1. With an OpenID Connect token it sends that token as Authorization with every request, also with those that carry the
#    X-Auth-Token which it has got for it. A server that refuses a request with both, or that lets Authorization decide,
#    locks it out.
# 2. With user and password it never sends the password: it asks for a token by VOMS, without a certificate. So an endpoint
#    that says `WWW-Authenticate: Keystone` locks out its users with passwords, who could have used HTTP Basic.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
# The package's own build needs no longer maintained tools: the source is unpacked, its imports are installed by name.
venv/bin/pip install -q --disable-pip-version-check netaddr==0.10.1 paramiko==2.12.0 PyYAML==6.0.4 \
  RADL==1.1.5 requests==2.31.0 xmltodict==0.13.0
venv/bin/pip download -q --disable-pip-version-check --no-deps --no-binary :all: --no-build-isolation IM==1.9.0 2>/dev/null ||
  venv/bin/pip download -q --disable-pip-version-check --no-deps IM==1.9.0
tar xf IM-1.9.0.tar.gz

cat >client.py <<'PYTHON'
import json
import logging
import threading
from types import SimpleNamespace
from http.server import BaseHTTPRequestHandler, HTTPServer
from IM.auth import Authentication
from IM.CloudInfo import CloudInfo
from IM.connectors.OCCI import OCCICloudConnector

logging.disable(logging.CRITICAL)


class Endpoint(BaseHTTPRequestHandler):
    """An OCCI endpoint that is its own Keystone: it grants every login but those by VOMS."""

    def log_message(self, *_):
        pass

    def serve(self):
        length = int(self.headers.get('Content-Length') or 0)
        body = self.rfile.read(length).decode()
        fields = [name for name in ('Authorization', 'X-Auth-Token') if self.headers[name]]
        print('  %-4s %-70s %s%s' % (self.command, self.path, ' + '.join(fields) or 'no credentials',
                                     ', ' + body if self.path.endswith('/tokens') and 'voms' in body else ''))
        base = 'http://127.0.0.1:%d' % PORT
        if self.path == '/-/' and not fields:
            self.answer(401, {}, {'WWW-Authenticate': "Keystone uri='%s'" % base})
        elif self.path == '/':
            values = [{'id': name, 'links': []} for name in ('v3.14', 'v2.0')]
            self.answer(300, {'versions': {'values': values}})
        elif self.path.endswith('/projects'):
            self.answer(200, {'projects': [{'id': 'p', 'name': 'p'}]})
        elif self.path.startswith('/v2.0'):
            self.answer(401, {'error': {'code': 401}})
        elif self.path.startswith('/v3'):
            self.answer(201, {'token': {}}, {'X-Subject-Token': 'ours'})
        else:
            self.answer(200, {})

    do_GET = do_POST = do_HEAD = serve

    def answer(self, status, body, headers={}):
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(text)


server = HTTPServer(('127.0.0.1', 0), Endpoint)
PORT = server.server_port
threading.Thread(target=server.serve_forever, daemon=True).start()

for proof in ({'token': 'a.b.c'}, {'username': 'alice', 'password': 'secret'}):
    print(' and '.join(proof))
    cloud = CloudInfo()
    cloud.type, cloud.protocol, cloud.server, cloud.port, cloud.path = 'OCCI', 'http', '127.0.0.1', PORT, '/'
    auth = Authentication([{'id': 'one', 'type': 'OCCI', 'host': 'http://127.0.0.1:%d' % PORT, **proof}])
    connector = OCCICloudConnector(cloud, SimpleNamespace(id='one'))
    try:
        connector.query_occi(auth, connector.get_auth_header(auth))
    except Exception as error:
        print('  %s' % str(error).split(':')[0])
server.shutdown()
PYTHON
seen="$(PYTHONPATH=IM-1.9.0 venv/bin/python -W ignore client.py)"
echo "$seen"
expected="token
  HEAD /-/                                                                    no credentials
  GET  /                                                                      Authorization
  GET  /v3/OS-FEDERATION/identity_providers/egi.eu/protocols/oidc/auth        Authorization
  GET  /v3/auth/projects                                                      Authorization + X-Auth-Token
  POST /v3/auth/tokens                                                        Authorization + X-Auth-Token
  GET  /-/                                                                    Authorization + X-Auth-Token
username and password
  HEAD /-/                                                                    no credentials
  GET  /                                                                      no credentials
  POST /v2.0/tokens                                                           no credentials, {\"auth\":{\"voms\":true}}
  Error obtaining Keystone v2 Token"
[ "$seen" = "$expected" ] || { echo "IM behaves otherwise now; expected:"; echo "$expected"; exit 1; }
