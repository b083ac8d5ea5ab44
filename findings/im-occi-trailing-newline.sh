#!/usr/bin/env bash
# Infrastructure Manager (PyPI IM 1.9.0), connector OCCI: what a line end after the last line of a text/plain answer does.
#
# It takes the id of a new volume as everything after the last slash of the whole body, so a line end becomes part of
# the id and of every later request path. It counts the lines of a network listing to see whether there is just one
# network, so with a line end behind it a lone network is no longer "the only one": another rule picks the network
# then, and where no rule matches, a random line does, which may be the empty one behind the last line end.
#
# So an OCCI server has to leave the line end away behind the only line of these two answers.
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
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from IM.CloudInfo import CloudInfo
from IM.connectors.OCCI import OCCICloudConnector

logging.disable(logging.CRITICAL)
LINE_END = ''


class Endpoint(BaseHTTPRequestHandler):
    """Answers a create with one location, and the listing of networks with one; the network itself has no address."""

    def log_message(self, *_):
        pass

    def answer(self, status, text):
        self.send_response(status)
        self.send_header('Content-Type', 'text/plain')
        self.end_headers()
        self.wfile.write(text.encode())

    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        self.answer(201, 'X-OCCI-Location: http://127.0.0.1/storage/vol-1' + LINE_END)

    def do_GET(self):
        if self.path == '/network/':
            self.answer(200, 'X-OCCI-Location: http://127.0.0.1:%d/network/inner' % PORT + LINE_END)
        else:
            self.answer(200, 'X-OCCI-Attribute: occi.network.state="active"' + LINE_END)


server = HTTPServer(('127.0.0.1', 0), Endpoint)
PORT = server.server_port
threading.Thread(target=server.serve_forever, daemon=True).start()

cloud = CloudInfo()
cloud.type, cloud.protocol, cloud.server, cloud.port, cloud.path = 'OCCI', 'http', '127.0.0.1', PORT, '/'
connector = OCCICloudConnector(cloud, None)
for LINE_END in ('', '\n'):
    _, volume = connector.create_volume(1, 'data', None, {})
    public = {connector.get_net_name(None, {}, True) for _ in range(40)}
    print('%-6r volume %r, public network one of %r' % (LINE_END, volume, sorted(public)))
server.shutdown()
PYTHON
seen="$(PYTHONPATH=IM-1.9.0 venv/bin/python -W ignore client.py)"
echo "$seen"
expected="''     volume 'vol-1', public network one of ['inner']
'\\n'   volume 'vol-1\\n', public network one of ['', 'inner']"
[ "$seen" = "$expected" ] || { echo "IM behaves otherwise now; expected:"; echo "$expected"; exit 1; }
