#!/usr/bin/env bash
# pyone 6.10.3 (PyPI), OpenNebula's client for Python: a template that has sections in lists only loses them.
#
# A template given as a dictionary is written as XML where one of its values is a dictionary, and as lines of NAME="value"
# otherwise. Two network interfaces, a list of two dictionaries, come out right in XML alone: as a line they are one value,
# the text that Python prints for the list, which OpenNebula keeps as an attribute that means nothing to it. Any
# section beside the list mends it.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyone==6.10.3

cat >templates.py <<'PYTHON'
from pyone.util import cast2one

nics = [{'NETWORK_ID': 1}, {'NETWORK_ID': 2}]
print(cast2one({'OS': {'ARCH': 'x86_64'}, 'NAME': 'web', 'NIC': nics}))
print(cast2one({'NAME': 'web', 'NIC': nics}), end='')
PYTHON
seen="$(venv/bin/python -W ignore templates.py)"
echo "$seen"
expected="<NAME><![CDATA[web]]></NAME>\
<NIC><NETWORK_ID><![CDATA[1]]></NETWORK_ID></NIC><NIC><NETWORK_ID><![CDATA[2]]></NETWORK_ID></NIC>\
<OS><ARCH><![CDATA[x86_64]]></ARCH></OS>
NAME=\"web\"
NIC=\"[{'NETWORK_ID': 1}, {'NETWORK_ID': 2}]\""
[ "$seen" = "$expected" ] || { echo "pyone behaves otherwise now; expected:"; echo "$expected"; exit 1; }
